package io.nightshift.run.attempt;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * The transactions of chunks. Where the connection is gone the server has ended the transaction: a rollback that cannot
 * be sent is no failure, and reported as one it would take the place of what broke the connection, at COMMIT above all.
 */
final class ChunkTransactions extends JdbcTransactionManager {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkTransactions.class);

    ChunkTransactions(DataSource dataSource) {
        super(dataSource);
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        try {
            super.doRollback(status);
        } catch (RuntimeException failure) {
            if (!gone(status)) {
                throw failure;
            }
            LOG.debug("there is no connection to roll back on any more", failure);
        }
    }

    private static boolean gone(DefaultTransactionStatus status) {
        try {
            return status.getTransaction() instanceof JdbcTransactionObjectSupport transaction
                    && transaction.getConnectionHolder().getConnection().isClosed();
        } catch (SQLException unknown) {
            return false;
        }
    }
}
