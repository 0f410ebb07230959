package io.nightshift.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The kinds of work a job can do. One record per YAML key; parameters are already filled in.
 *
 * <p>Statements are named by their full id, {@code <namespace>.<id>}.
 */
public sealed interface StepDefinition {

    /** Unique in the job: as given, or the id of the statement. */
    String name();

    /** File, line and YAML path, for messages: {@code jobs/load-users.yml:7 (steps[0].load)}. */
    String where();

    /** The statements it uses. */
    List<String> statements();

    /** How many chunks it may have in work at the same time. */
    default int connections() {
        return 1;
    }

    /** How many rows it may work on per second; empty for as many as possible. */
    default OptionalLong rate() {
        return OptionalLong.empty();
    }

    /** The tables that it is known to touch: those it names, and the namespaces of its statements that are tables. */
    default List<String> tables() {
        return statements().stream()
                .map(id -> id.substring(0, id.lastIndexOf('.')))
                .distinct()
                .toList();
    }

    /** Kinds whose chunk is a page of keys. */
    sealed interface Keyed extends StepDefinition {
        String table();

        String keys();

        /** The statements that a page goes through, in order; the last one counts. */
        List<String> applies();

        boolean lock();

        boolean manyRowsPerKey();

        RejectLimit rejectLimit();

        StepOptions options();

        @Override
        default List<String> statements() {
            return Stream.concat(Stream.of(keys()), applies().stream()).toList();
        }

        @Override
        default int connections() {
            return options().connections();
        }

        @Override
        default OptionalLong rate() {
            return options().rate();
        }

        @Override
        default List<String> tables() {
            return Stream.concat(Stream.of(table()), StepDefinition.super.tables().stream())
                    .distinct()
                    .toList();
        }
    }

    /**
     * Records of files go into a table, straight or through a merge statement.
     *
     * @param firstFrom whether {@code from} are alternatives, of which the first that finds a file counts
     * @param dialect      for files whose name does not tell the format; see {@link #dialectOf}
     * @param formatByName whether the ending of each file's name tells its format, because the job does not
     */
    record Load(
            String name,
            String where,
            List<String> from,
            boolean firstFrom,
            Optional<String> into,
            Optional<String> merge,
            Map<String, String> columns,
            Dialect dialect,
            boolean formatByName,
            List<String> mergeKey,
            RejectLimit rejectLimit,
            LoadedBefore loadedBefore,
            boolean ignoreExtraColumns,
            StepOptions options)
            implements StepDefinition {

        /** How a file is to be read. */
        public Dialect dialectOf(String fileName) {
            return formatByName
                    ? Dialect.Format.byEnding(fileName).map(dialect::with).orElse(dialect)
                    : dialect;
        }

        /** The table that is loaded: {@code into}, or the namespace of the merge statement. */
        public String table() {
            return into.orElseGet(
                    () -> merge.orElseThrow().substring(0, merge.orElseThrow().lastIndexOf('.')));
        }

        @Override
        public List<String> statements() {
            return merge.stream().toList();
        }

        @Override
        public OptionalLong rate() {
            return options.rate();
        }

        @Override
        public List<String> tables() {
            return List.of(table());
        }

        @Override
        public int connections() {
            return options.connections();
        }
    }

    /** What to do with a file whose content was loaded by an earlier run of this job. */
    enum LoadedBefore {
        REFUSE,
        SKIP,
        LOAD
    }

    record Update(
            String name,
            String where,
            String table,
            String keys,
            String apply,
            boolean lock,
            boolean manyRowsPerKey,
            RejectLimit rejectLimit,
            StepOptions options)
            implements Keyed {
        @Override
        public List<String> applies() {
            return List.of(apply);
        }
    }

    record Delete(
            String name,
            String where,
            String table,
            String keys,
            String apply,
            boolean lock,
            boolean manyRowsPerKey,
            RejectLimit rejectLimit,
            StepOptions options)
            implements Keyed {
        @Override
        public List<String> applies() {
            return List.of(apply);
        }
    }

    record Backfill(
            String name,
            String where,
            String table,
            String keys,
            String apply,
            boolean lock,
            boolean manyRowsPerKey,
            RejectLimit rejectLimit,
            StepOptions options)
            implements Keyed {
        @Override
        public List<String> applies() {
            return List.of(apply);
        }
    }

    /** Deletes, children first, the table itself last; always locks its page. */
    record Purge(
            String name,
            String where,
            String table,
            String keys,
            List<String> applies,
            boolean manyRowsPerKey,
            RejectLimit rejectLimit,
            StepOptions options)
            implements Keyed {
        @Override
        public boolean lock() {
            return true;
        }
    }

    /** Rebuilds time windows and writes what a statement selects from them. */
    record Report(
            String name,
            String where,
            Optional<Window> window,
            Optional<String> refresh,
            Optional<String> select,
            ReportOutput output)
            implements StepDefinition {
        @Override
        public List<String> statements() {
            return Stream.concat(refresh.stream(), select.stream()).toList();
        }
    }

    /** Writes a file page by page; it appears whole or not at all. */
    record Export(
            String name,
            String where,
            String keys,
            String select,
            String file,
            Dialect.Format format,
            StepOptions options)
            implements StepDefinition {
        @Override
        public List<String> statements() {
            return List.of(keys, select);
        }

        @Override
        public OptionalLong rate() {
            return options.rate();
        }
    }

    /** One statement, one chunk. */
    record Sql(String name, String where, String statement) implements StepDefinition {
        @Override
        public List<String> statements() {
            return List.of(statement);
        }
    }

    /** Another job as a run of its own, tied to this one. */
    record Job(String name, String where, String job, Map<String, String> parameters) implements StepDefinition {
        @Override
        public List<String> statements() {
            return List.of();
        }
    }
}
