package io.nightshift.run.attempt;

import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.health.Health;
import io.nightshift.run.books.Runs;
import io.nightshift.step.StepKinds;

/** What every run of an engine shares. */
public record Workplace(
        Home home, Database database, RunSettings settings, StepKinds kinds, Runs runs, Health health) {}
