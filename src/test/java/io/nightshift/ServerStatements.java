package io.nightshift;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statements that the server itself counts: it logs every one that it executes on a database. */
public final class ServerStatements {

    private static final Path LOG = Path.of("target/test-postgres/postgres-18/server.log");
    private static final Pattern ENTRY = Pattern.compile("^\\S+ \\S+ \\S+ \\[(\\d+)] \\S+ LOG: +(.*)$");

    private final long from;

    private ServerStatements(long from) {
        this.from = from;
    }

    /** Begins to count; skipped where the server is not the tests' own and its log is not at hand. */
    public static ServerStatements of(TestDatabase database) {
        assumeThat(LOG).as("the log of the tests' own server").exists();
        try (Connection connection = database.connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE \"" + connection.getCatalog() + "\" SET log_statement = 'all'");
            return new ServerStatements(Files.size(LOG));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The statements of every transaction that wrote a row into the ledger, in order, without their parameters. */
    public List<List<String>> chunks() {
        Map<String, List<String>> open = new HashMap<>();
        List<List<String>> chunks = new ArrayList<>();
        for (String line : sinceThen().split("\n")) {
            Matcher entry = ENTRY.matcher(line);
            if (!entry.matches()) {
                continue;
            }
            String statement = entry.group(2).replaceFirst("^(statement|execute [^:]*): ", "");
            List<String> transaction = open.computeIfAbsent(entry.group(1), session -> new ArrayList<>());
            if (statement.startsWith("BEGIN")) {
                transaction.clear();
            }
            transaction.add(statement);
            if (statement.startsWith("COMMIT")) {
                if (transaction.stream().anyMatch(one -> one.startsWith("INSERT INTO nightshift.ledger"))) {
                    chunks.add(List.copyOf(transaction));
                }
                transaction.clear();
            }
        }
        return chunks;
    }

    private String sinceThen() {
        try (RandomAccessFile log = new RandomAccessFile(LOG.toFile(), "r")) {
            byte[] text = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(text);
            return new String(text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
