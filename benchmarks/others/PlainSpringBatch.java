import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.batch.infrastructure.item.file.builder.FlatFileItemReaderBuilder;
import org.springframework.batch.infrastructure.item.file.transform.FieldSet;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * The same work as a Java program would do it by the documentation of Spring Batch: a chunk step with the readers and
 * writers that come with it, 1,000 items in a transaction, batched statements. Prints the seconds of the step.
 *
 * <p>Arguments: load FILE | backfill
 */
public final class PlainSpringBatch {

    private static final int CHUNK = 1_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssX");

    private final DataSource dataSource;
    private final JdbcTransactionManager transactions;
    private final JobRepository repository;

    private PlainSpringBatch(DataSource dataSource) throws Exception {
        this.dataSource = dataSource;
        this.transactions = new JdbcTransactionManager(dataSource);
        JdbcJobRepositoryFactoryBean factory = new JdbcJobRepositoryFactoryBean();
        factory.setDataSource(dataSource);
        factory.setDatabaseType("POSTGRES");
        factory.setTransactionManager(transactions);
        factory.setTablePrefix("plain_spring_batch.batch_");
        factory.afterPropertiesSet();
        this.repository = factory.getObject();
    }

    record Post(long id, int authorId, String title, String content, boolean published, OffsetDateTime createdAt) {

        static Post of(FieldSet line) {
            return new Post(
                    line.readLong("id"),
                    line.readInt("author_id"),
                    line.readString("title"),
                    line.readString("content"),
                    line.readBoolean("published"),
                    OffsetDateTime.parse(line.readString("created_at"), TIME));
        }

        void set(PreparedStatement insert) throws SQLException {
            insert.setLong(1, id);
            insert.setInt(2, authorId);
            insert.setString(3, title);
            insert.setString(4, content);
            insert.setBoolean(5, published);
            insert.setObject(6, createdAt);
        }
    }

    record Text(long id, String content) {

        static Text of(ResultSet row, int number) throws SQLException {
            return new Text(row.getLong("id"), row.getString("content"));
        }

        void set(PreparedStatement update) throws SQLException {
            update.setInt(1, content.split(" ").length);
            update.setLong(2, id);
        }
    }

    private Step load(String file) {
        return new StepBuilder("load", repository)
                .<Post, Post>chunk(CHUNK)
                .transactionManager(transactions)
                .reader(new FlatFileItemReaderBuilder<Post>()
                        .name("posts")
                        .resource(new FileSystemResource(file))
                        .linesToSkip(1)
                        .delimited()
                        .names("id", "author_id", "title", "content", "published", "created_at")
                        .fieldSetMapper(Post::of)
                        .build())
                .writer(new JdbcBatchItemWriterBuilder<Post>()
                        .dataSource(dataSource)
                        .sql("INSERT INTO post (id, author_id, title, content, published, created_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?)")
                        .itemPreparedStatementSetter(Post::set)
                        .build())
                .build();
    }

    private Step backfill() throws Exception {
        return new StepBuilder("backfill", repository)
                .<Text, Text>chunk(CHUNK)
                .transactionManager(transactions)
                .reader(new JdbcPagingItemReaderBuilder<Text>()
                        .name("texts")
                        .dataSource(dataSource)
                        .pageSize(CHUNK)
                        .selectClause("SELECT id, content")
                        .fromClause("FROM post")
                        .sortKeys(Map.of("id", Order.ASCENDING))
                        .rowMapper(Text::of)
                        .build())
                .writer(new JdbcBatchItemWriterBuilder<Text>()
                        .dataSource(dataSource)
                        .sql("UPDATE post SET word_count = ? WHERE id = ?")
                        .itemPreparedStatementSetter(Text::set)
                        .build())
                .build();
    }

    private double seconds(Step step) throws Exception {
        JobParameters parameters = new JobParametersBuilder()
                .addLong("started", System.currentTimeMillis())
                .toJobParameters();
        Job job = new JobBuilder("plain", repository).start(step).build();
        JobExecution execution = repository.createJobExecution(
                repository.createJobInstance("plain", parameters), parameters, new ExecutionContext());
        job.execute(execution);
        if (execution.getStatus() != BatchStatus.COMPLETED) {
            throw new IllegalStateException(execution.toString(), execution.getAllFailureExceptions().get(0));
        }
        StepExecution done = execution.getStepExecutions().iterator().next();
        return Duration.between(done.getStartTime(), done.getEndTime()).toMillis() / 1000.0;
    }

    public static void main(String[] arguments) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE")
                // Without it each row of a batch is a statement of its own: slower by a third.
                + "?reWriteBatchedInserts=true&currentSchema=public,plain_spring_batch");
        config.setUsername(System.getenv("PGUSER"));
        config.setPassword(System.getenv("PGPASSWORD"));
        try (HikariDataSource dataSource = new HikariDataSource(config)) {
            PlainSpringBatch program = new PlainSpringBatch(dataSource);
            Step step = arguments[0].equals("load") ? program.load(arguments[1]) : program.backfill();
            System.out.println("seconds: " + program.seconds(step));
        }
        System.exit(0);
    }
}
