package io.nightshift.database;

import io.nightshift.content.ContentFile;
import java.io.Reader;
import java.io.StringReader;
import java.sql.Connection;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Migrations for Flyway to run, exactly these: it does not go looking for files or classes of its own, and it works on
 * sessions of its own, so that nothing it sets reaches the pool.
 *
 * @param files whose names follow Flyway's pattern {@code V<version>__<description>.sql}
 */
public record MigrationFiles(List<ContentFile> files) implements ResourceProvider {

    /**
     * Flyway, set up for these files.
     *
     * @param schema the schema they work in, which holds the history
     * @param table  the name of the history
     */
    public FluentConfiguration over(Database database, String schema, String table) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(sessions(database))
                .resourceProvider(this)
                .javaMigrationClassProvider(List::of)
                .defaultSchema(schema)
                .table(table)
                .cleanDisabled(true)
                .loggers("slf4j");
        PostgreSQLConfigurationExtension postgres =
                configuration.getPluginRegister().getPlugin(PostgreSQLConfigurationExtension.class);
        // A lock that is a transaction would make CREATE INDEX CONCURRENTLY wait for it for ever.
        postgres.setTransactionalLock(false);
        return configuration;
    }

    private static DataSource sessions(Database database) {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() {
                return database.dedicated("nightshift migrations");
            }

            @Override
            public Connection getConnection(String username, String password) {
                return getConnection();
            }
        };
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return files.stream()
                .filter(file -> file.where().endsWith(name))
                .findFirst()
                .map(Migration::new)
                .orElse(null);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return files.stream()
                .map(Migration::new)
                .filter(file -> file.getFilename().startsWith(prefix)
                        && Arrays.stream(suffixes).anyMatch(file.getFilename()::endsWith))
                .map(LoadableResource.class::cast)
                .toList();
    }

    /** A file as Flyway wants to see it; its path is the one that people are told. */
    private static final class Migration extends LoadableResource {

        private final ContentFile file;

        Migration(ContentFile file) {
            this.file = file;
        }

        @Override
        public Reader read() {
            return new StringReader(file.text());
        }

        @Override
        public String getAbsolutePath() {
            return file.where();
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return file.where();
        }

        @Override
        public String getFilename() {
            return file.where().substring(file.where().lastIndexOf('/') + 1);
        }

        /** What the history keeps: as other programs with Flyway on this database would write it. */
        @Override
        public String getRelativePath() {
            return getFilename();
        }
    }
}
