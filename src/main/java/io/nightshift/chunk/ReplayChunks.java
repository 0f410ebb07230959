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
    private OpenRejects.Place behind = OpenRejects.Place.START;
    private Counts counts = Counts.ZERO;
    private boolean looked;

    /** @param replay under which number rejects are marked that were applied */
    public ReplayChunks(Environment environment, long replay, ReplayWork work) {
        this.environment = environment;
        this.open = new OpenRejects(environment.assignment(), replay);
        this.work = work;
    }

    /**
     * Goes through all of them once, or until somebody asks to stop. After a failure it goes on, when called again, with
     * the chunk that failed: nothing of that was applied, or, if only the answer was lost, its rejects are open no more.
     */
    public void run() throws SQLException, IOException {
        if (!looked) {
            work.look();
            looked = true;
        }
        while (environment.stop().reason().isEmpty()) {
            Chunk chunk = chunk();
            if (chunk.tried() == 0) {
                return;
            }
            counts = counts.plus(chunk.counts());
            environment.progress().chunkCommitted(environment.assignment().step(), chunk.counts());
            behind = chunk.last();
        }
    }

    /** What became of those that were tried so far. */
    public Counts counts() {
        return counts;
    }

    /** Whether the failure is that of a statement that was cancelled in order to stop. */
    public boolean stoppedBy(SQLException failure) {
        return environment.stop().cancelled(failure);
    }

    private record Chunk(int tried, Counts counts, OpenRejects.Place last) {}

    private Chunk chunk() throws SQLException, IOException {
        try (Connection connection = environment.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                Chunk chunk = within(connection);
                connection.commit();
                return chunk;
            } catch (SQLException | IOException | RuntimeException failure) {
                rollBack(connection, failure);
                throw failure;
            } finally {
                if (connection.isValid(1)) {
                    connection.setAutoCommit(true);
                }
            }
        }
    }

    /** A rollback that fails as well, because the connection is gone, must not hide why it was needed. */
    private static void rollBack(Connection connection, Exception failure) {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            failure.addSuppressed(gone);
        }
    }

    private Chunk within(Connection connection) throws SQLException, IOException {
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
