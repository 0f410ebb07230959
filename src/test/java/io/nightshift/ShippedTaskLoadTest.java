package io.nightshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.run.Engine;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.replay.ReplayRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What load-tasks does with the lines of a file that it refuses, and with parents that come later; two lines a chunk. */
class ShippedTaskLoadTest {

    /** Each task with its title and the reference of its parent. */
    private static final String TASKS =
            """
            SELECT string_agg(concat_ws(' ', t.reference, t.title, 'of', p.reference), ', ' ORDER BY t.reference)
            FROM tasks t LEFT JOIN tasks p ON p.id = t.parent_id""";

    private static final String WAITING = "SELECT count(*) FROM task_parents";

    @TempDir
    private Path directory;

    private TestDatabase database;
    private Home home;

    @BeforeEach
    void twoTasksAndTheirParent() {
        database = TestDatabase.create();
        home = ShippedHome.on(database, directory, job -> job.replace("5%", "90%") + "chunk: 2\n");
        database.execute(
                """
                INSERT INTO users (username, email) VALUES ('ann', 'ann@example.org');
                INSERT INTO tasks (id, reference, title, parent_id)
                VALUES (1, 'P', 'parent', NULL), (2, 'A', 'a', 1), (3, 'B', 'b', 1), (4, 'OTHER', 'other', NULL)""");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private RunResult load(String... lines) {
        TestHome.in(directory).with("in/tasks.csv", String.join("\n", lines) + "\n");
        RunResult run = TestRun.of(home, "load-tasks", "file=in/tasks.csv");
        assertThat(run.problem()).isEmpty();
        return run;
    }

    @Test
    void aLineThatIsRefusedChangesNothingAndNoParentEither() {
        RunResult run = load(
                "reference,title,assignee,status,parent",
                "A,new a,nobody,pending,OTHER",
                "B,new b,ann,nonsense,OTHER",
                "C,c,ann,pending,A",
                "D,d,nobody,pending,A",
                "E,e,ann,pending,D");

        // E went in, and its parent is a line that did not.
        assertThat(run.rows().rejected()).isEqualTo(4);
        assertThat(database.value(TASKS))
                .isEqualTo("A a of P, B b of P, C c of A, E e of, OTHER other of, P parent of");

        database.execute("INSERT INTO users (username, email) VALUES ('nobody', 'nobody@example.org')");
        replay(run.run());
        assertThat(database.value(TASKS))
                .isEqualTo("A new a of OTHER, B b of P, C c of A, D d of A, E e of D, OTHER other of, P parent of");
    }

    private void replay(long run) {
        Settings settings = Settings.of(home);
        try (Database opened = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, opened)) {
            engine.replay(new ReplayRequest(run, false, true, "tester"), Progress.SILENT);
        }
    }

    @Test
    void aParentThatNoTaskIsLeavesTheOneThatWasAndIsSetByAReplayWhenItHasCome() {
        RunResult run = load("reference,title,parent", "A,new a,LATER", "B,new b,OTHER");

        assertThat(run.rows().rejected()).isEqualTo(1);
        assertThat(database.value("SELECT message FROM nightshift.reject"))
                .isEqualTo("there is no task \"LATER\" to be the parent of \"A\"");
        assertThat(database.value(TASKS)).isEqualTo("A new a of P, B new b of OTHER, OTHER other of, P parent of");

        database.execute("INSERT INTO tasks (reference, title) VALUES ('LATER', 'later')");
        replay(run.run());
        assertThat(database.value(TASKS))
                .isEqualTo("A new a of LATER, B new b of OTHER, LATER later of, OTHER other of, P parent of");
        assertThat(database.value(WAITING)).isEqualTo("0");
    }

    @Test
    void aParentThatComesInALaterFileIsSetThenAndHoldsUpNoFileUntilThen() {
        load("reference,title,parent", "A,new a,LATER");
        assertThat(load("reference,title,parent", "B,new b,OTHER").rows().rejected())
                .isZero();
        assertThat(database.value(WAITING)).isEqualTo("1");

        assertThat(load("reference,title", "LATER,later").rows().rejected()).isZero();
        assertThat(database.value(TASKS)).startsWith("A new a of LATER, B new b of OTHER, ");
        assertThat(database.value(WAITING)).isEqualTo("0");
    }

    @Test
    void theLastLineOfATaskSaysWhichParentItHas() {
        load("reference,title,parent", "A,a,OTHER", "B,b,B2", "OTHER,other,", "A,a,P", "B2,b2,", "B,b,");

        assertThat(database.value(TASKS)).startsWith("A a of P, B b of, B2 ");
        assertThat(database.value(WAITING)).isEqualTo("0");
    }

    @Test
    void aFileWithoutTheColumnLeavesParentsAsTheyAreAndTheSameFileAgainChangesNothing() {
        load("reference,title", "A,new a");
        assertThat(database.value(TASKS)).startsWith("A new a of P, ");

        load("reference,title,parent", "A,new a,C", "C,c,B", "B,b,");
        String before = database.value(TASKS + " WHERE t.updated_at <= now()");
        String changes = database.value("SELECT count(*) FROM audit_log");
        assertThat(before).startsWith("A new a of C, B b of, C c of B, ");

        load("reference,title,parent", "A,new a,C", "C,c,B", "B,b,");
        assertThat(database.value(TASKS)).isEqualTo(before);
        assertThat(database.value("SELECT count(*) FROM audit_log")).isEqualTo(changes);
    }
}
