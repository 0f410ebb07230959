package io.nightshift.step.load;

import io.nightshift.TestRun;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.run.Engine;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.work.StartRequest;

/** An engine that stays open for many runs. */
record OpenEngine(Home home, Database database, Engine engine) implements AutoCloseable {

    static OpenEngine in(Home home) {
        Settings settings = Settings.of(home);
        Database database = Database.open(home, settings, Database.Access.WRITE);
        return new OpenEngine(home, database, Engine.open(home, settings, database));
    }

    /** @param arguments as typed: {@code name=value} */
    RunResult run(String job, String... arguments) {
        return engine.run(TestRun.request(home, job, arguments), Progress.SILENT);
    }

    /** With {@code --new}. */
    RunResult fresh(String job) {
        StartRequest asked = TestRun.request(home, job);
        StartRequest request = new StartRequest(
                asked.job(), asked.arguments(), true, asked.atMost(), asked.directory(), asked.slot(), asked.who());
        return engine.run(request, Progress.SILENT);
    }

    @Override
    public void close() {
        engine.close();
        database.close();
    }
}
