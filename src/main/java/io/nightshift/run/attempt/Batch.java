package io.nightshift.run.attempt;

import io.nightshift.database.Database;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Spring Batch's books, in our schema.
 *
 * <p>READ COMMITTED for creating executions: under SERIALIZABLE, its default, launches at the same time fail on
 * PostgreSQL. Contexts are JSON: readable in SQL, and nothing is deserialized into classes of its choosing.
 */
record Batch(JobRepository repository, JdbcTransactionManager transactions) {

    static Batch on(Database database) {
        JdbcTransactionManager transactions = new ChunkTransactions(database.dataSource());
        JdbcJobRepositoryFactoryBean factory = new JdbcJobRepositoryFactoryBean();
        factory.setDataSource(database.dataSource());
        factory.setDatabaseType("POSTGRES");
        factory.setTransactionManager(transactions);
        factory.setTablePrefix(database.schema() + ".batch_");
        factory.setIsolationLevelForCreate("ISOLATION_READ_COMMITTED");
        factory.setValidateTransactionState(false);
        factory.setSerializer(new JacksonExecutionContextStringSerializer());
        try {
            factory.afterPropertiesSet();
            return new Batch(factory.getObject(), transactions);
        } catch (Exception failure) {
            throw new IllegalStateException(
                    "Spring Batch's job repository could not be made. This is a bug in Nightshift.", failure);
        }
    }
}
