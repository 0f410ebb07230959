package io.nightshift.health;

import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.health.signal.Limits;
import io.nightshift.job.Holds;

/** Where the signals of a database are looked at, by the settings of a home. */
public final class Health {

    private final Database database;
    private final HealthSettings settings;

    private Health(Database database, HealthSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** @throws io.nightshift.problem.ProblemException when a setting does not fit */
    public static Health of(Settings settings, Database database) {
        return new Health(database, settings.read("nightshift.health", HealthSettings.class));
    }

    /** Where holds begin for a job. */
    public Limits limits(Holds job) {
        return settings.limits(job);
    }

    /** Begins to look, on a connection of its own. */
    public HealthWatch watch(HealthWatch.Subject subject, HealthWatch.Listener listener) {
        return HealthWatch.begin(database, subject, listener);
    }
}
