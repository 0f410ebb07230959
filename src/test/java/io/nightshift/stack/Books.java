package io.nightshift.stack;

import io.nightshift.TestDatabase;
import io.nightshift.database.Database;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.JobOperatorFactoryBean;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.support.AbstractItemCountingItemStreamItemReader;
import org.springframework.core.task.TaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Batch as it comes, on our tables, with a table {@code t} of numbers to write to. */
final class Books implements AutoCloseable {

    private static int runs;

    private final Database database;
    private final MapJobRegistry registry = new MapJobRegistry();
    final JdbcTransactionManager transactions;
    final JobRepository repository;
    final JdbcTemplate jdbc;

    Books(TestDatabase on) throws Exception {
        this(on, "ISOLATION_READ_COMMITTED");
    }

    Books(TestDatabase on, String isolationForCreate) throws Exception {
        this.database = on.open();
        database.createOwnTables();
        DataSource dataSource = database.dataSource();
        this.transactions = new JdbcTransactionManager(dataSource);
        this.jdbc = new JdbcTemplate(dataSource);
        JdbcJobRepositoryFactoryBean factory = new JdbcJobRepositoryFactoryBean();
        factory.setDataSource(dataSource);
        factory.setDatabaseType("POSTGRES");
        factory.setTransactionManager(transactions);
        factory.setTablePrefix("nightshift.batch_");
        factory.setIsolationLevelForCreate(isolationForCreate);
        factory.afterPropertiesSet();
        this.repository = factory.getObject();
        jdbc.execute("DROP TABLE IF EXISTS public.t, public.parent, public.rejected");
        jdbc.execute("CREATE TABLE public.parent (n int PRIMARY KEY)");
        jdbc.execute("CREATE TABLE public.t (n int)");
        jdbc.execute("CREATE TABLE public.rejected (n int)");
    }

    JobOperator operator(TaskExecutor executor) throws Exception {
        JobOperatorFactoryBean factory = new JobOperatorFactoryBean();
        factory.setJobRepository(repository);
        factory.setJobRegistry(registry);
        factory.setTransactionManager(transactions);
        factory.setTaskExecutor(executor);
        factory.afterPropertiesSet();
        return factory.getObject();
    }

    ChunkOrientedStepBuilder<Integer, Integer> step(int chunk, int items) {
        return new StepBuilder("step", repository)
                .<Integer, Integer>chunk(chunk)
                .transactionManager(transactions)
                .reader(new Numbers(items));
    }

    Job job(Step step) {
        return new JobBuilder("probe", repository).start(step).build();
    }

    /** A job that can be restarted by its execution. */
    Job known(Step step) throws Exception {
        registry.unregister("probe");
        Job job = job(step);
        registry.register(job);
        return job;
    }

    static synchronized JobParameters parameters() {
        return new JobParametersBuilder().addLong("run", (long) ++runs).toJobParameters();
    }

    /** A transaction inside of another: a savepoint. */
    TransactionTemplate nested() {
        TransactionTemplate nested = new TransactionTemplate(transactions);
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        return nested;
    }

    /** To write a chunk. */
    void insertAll(Chunk<? extends Integer> chunk) {
        chunk.forEach(this::insert);
    }

    void insert(int n) {
        jdbc.update("INSERT INTO public.t VALUES (?)", n);
    }

    /** What is there, in order, doubled ones doubled: {@code 1 2 3}. */
    String rows() {
        return jdbc.queryForObject("SELECT string_agg(n::text, ' ' ORDER BY n) FROM public.t", String.class);
    }

    int count() {
        return jdbc.queryForObject("SELECT count(*) FROM public.t", Integer.class);
    }

    /** A step execution that nobody has begun, as a worker on another machine is handed one. */
    StepExecution handedOut() {
        JobParameters parameters = parameters();
        JobExecution execution = repository.createJobExecution(
                repository.createJobInstance("probe", parameters), parameters, new ExecutionContext());
        return repository.createStepExecution("step", execution);
    }

    /** As the next process would see it. */
    StepExecution reread(StepExecution execution) {
        return reread(execution.getJobExecution())
                .getStepExecutions()
                .iterator()
                .next();
    }

    /** As the next process would see it. */
    JobExecution reread(JobExecution execution) {
        return repository.getJobExecution(execution.getId());
    }

    @Override
    public void close() {
        database.close();
    }

    /** Keeps the first who writes the number 6 inside of its chunk until it is let go. */
    static final class Gate {

        private final AtomicBoolean first = new AtomicBoolean(true);
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        void pass(Chunk<? extends Integer> chunk) throws InterruptedException {
            if (chunk.getItems().contains(6) && first.getAndSet(false)) {
                reached.countDown();
                open.await();
            }
        }

        void awaitReached() throws InterruptedException {
            reached.await();
        }

        void open() {
            open.countDown();
        }
    }

    /** 1, 2, 3 and so on; its position is in the execution context, as that of every reader of the framework. */
    static final class Numbers extends AbstractItemCountingItemStreamItemReader<Integer> {
        private final int most;
        private int at;

        Numbers(int most) {
            this.most = most;
            setName("numbers");
        }

        @Override
        protected void doOpen() {
            at = 0;
        }

        @Override
        protected Integer doRead() {
            return at < most ? ++at : null;
        }

        @Override
        protected void jumpToItem(int item) {
            at = item;
        }

        @Override
        protected void doClose() {}
    }
}
