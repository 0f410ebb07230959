package io.nightshift.chunk;

import io.nightshift.job.RejectLimit;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Tries the open rejects of a step again, chunk by chunk. In each transaction lie the fencing token, the rejects, the
 * data and what became of the rejects: a process that dies leaves no row applied whose reject is still open.
 */
public final class ReplayChunks {

    private final Environment environment;
    private final OpenRejects open;
    private final ReplayWork work;
    private final Causes causes = new Causes();

    /** @param replay under which number rejects are marked that were applied */
    public ReplayChunks(Environment environment, long replay, ReplayWork work) {
        this.environment = environment;
        this.open = new OpenRejects(environment.assignment(), replay);
        this.work = work;
    }

    /**
     * Goes through all of them once, or until somebody asks to stop.
     *
     * @return what became of those that were tried
     */
    public Counts run() throws SQLException, IOException {
        work.look();
        Counts counts = Counts.ZERO;
        OpenRejects.Place behind = OpenRejects.Place.START;
        while (environment.stop().reason().isEmpty()) {
            Chunk chunk = chunk(behind);
            if (chunk.tried() == 0) {
                break;
            }
            counts = counts.plus(chunk.counts());
            environment.progress().chunkCommitted(environment.assignment().step(), chunk.counts());
            behind = chunk.last();
        }
        return counts;
    }

    private record Chunk(int tried, Counts counts, OpenRejects.Place last) {}

    private Chunk chunk(OpenRejects.Place behind) throws SQLException, IOException {
        try (Connection connection = environment.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                Chunk chunk = within(connection, behind);
                connection.commit();
                return chunk;
            } catch (SQLException | IOException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private Chunk within(Connection connection, OpenRejects.Place behind) throws SQLException, IOException {
        new Fence(environment.assignment()).enter(connection);
        List<OpenReject> page = open.page(connection, behind, work.chunk());
        if (page.isEmpty()) {
            return new Chunk(0, Counts.ZERO, behind);
        }
        RejectAllowance all = new RejectAllowance(RejectLimit.ofCount(Long.MAX_VALUE), 0, 0);
        ReplayWork.Outcome outcome = work.apply(new ChunkTools(connection, all, causes), page);
        open.applied(
                connection,
                page.stream()
                        .map(OpenReject::id)
                        .filter(id -> !outcome.refused().containsKey(id))
                        .toList());
        open.refused(connection, outcome.refused());
        try (Statement constraints = connection.createStatement()) {
            constraints.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        return new Chunk(page.size(), outcome.counts(), OpenRejects.Place.of(page.get(page.size() - 1)));
    }
}
