package io.nightshift.database;

import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that was decided about the database before it is opened.
 *
 * @param configured empty for the embedded one
 * @param remarks    what a careful reader should know about the choice
 */
record DatabaseChoice(
        Optional<ChosenTarget> configured,
        PoolSettings pool,
        SessionSettings session,
        String schema,
        List<String> remarks) {

    private static final String PREFIX = "nightshift.database";

    static DatabaseChoice of(Home home, Settings settings, Map<String, String> environment) {
        DatabaseSettings database = settings.read(PREFIX, DatabaseSettings.class);
        boolean embedded = database.embedded() || home.shipped();
        Optional<ChosenTarget> configured = embedded
                ? Optional.empty()
                : ChosenTarget.of(database, environment, path -> home.resolve(path.toString()));
        List<String> remarks = new ArrayList<>();
        configured.ifPresent(chosen -> remarks.addAll(chosen.remarks()));
        if (home.shipped() && !database.embedded() && !database.url().isEmpty()) {
            remarks.add(
                    "nightshift.database.url is not used: the content shipped with the program works on the embedded"
                            + " database only. Write a home of your own: nightshift init DIR");
        }
        return new DatabaseChoice(
                configured,
                settings.read(PREFIX, PoolSettings.class),
                settings.read(PREFIX, SessionSettings.class),
                settings.read("nightshift", SchemaSettings.class).schema(),
                List.copyOf(remarks));
    }
}
