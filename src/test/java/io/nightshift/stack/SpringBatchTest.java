package io.nightshift.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.listener.SkipListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What Spring Batch 6.0.4 does on PostgreSQL, and why the engine does not leave it to the framework. When one of these
 * fails with a newer version, the framework may have become better: look whether what we do instead is still needed.
 */
class SpringBatchTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private Books books;
    private JobOperator operator;

    @BeforeEach
    void open() throws Exception {
        books = new Books(DATABASE);
        operator = books.operator(new SyncTaskExecutor());
    }

    @AfterEach
    void close() {
        books.close();
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    private JobExecution run(Step step) throws Exception {
        return operator.start(books.job(step), Books.parameters());
    }

    /** How a run ended, and how it ended when it was started again. */
    private record Twice(BatchStatus first, BatchStatus second) {}

    private Twice twice(Step step, Runnable between) throws Exception {
        JobParameters parameters = Books.parameters();
        BatchStatus first = operator.start(books.job(step), parameters).getStatus();
        between.run();
        return new Twice(first, operator.start(books.job(step), parameters).getStatus());
    }

    /** T1: the retry of a write runs in the transaction that its first failure has aborted. */
    @Test
    void aWriteIsTriedAgainInATransactionThatIsAborted() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        JobExecution execution = run(books.step(10, 10)
                .writer(chunk -> {
                    if (tries.incrementAndGet() == 1) {
                        books.jdbc.execute("SELECT 1/0");
                    }
                    books.insertAll(chunk);
                })
                .faultTolerant()
                .retry(DataAccessException.class)
                .retryLimit(3)
                .build());

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(tries.get()).isEqualTo(4);
        assertThat(causes(execution)).contains("current transaction is aborted");
        assertThat(books.count()).isZero();
    }

    /** T1b: a savepoint around the write cures it. */
    @Test
    void behindASavepointTheSecondTryGoesWell() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        TransactionTemplate nested = books.nested();
        JobExecution execution = run(books.step(10, 10)
                .writer(chunk -> nested.executeWithoutResult(status -> {
                    if (tries.incrementAndGet() == 1) {
                        books.jdbc.execute("SELECT 1/0");
                    }
                    books.insertAll(chunk);
                }))
                .faultTolerant()
                .retry(DataAccessException.class)
                .retryLimit(3)
                .build());

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(books.count()).isEqualTo(10);
    }

    /** T2: a skip, then a failure in the same chunk: what came behind is never written, and the listener's row is gone. */
    @Test
    void afterASkipARestartLosesTheRestOfTheChunk() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        SkipListener<Integer, Integer> listener = new SkipListener<>() {
            @Override
            public void onSkipInWrite(Integer item, Throwable cause) {
                books.jdbc.update("INSERT INTO public.rejected VALUES (?)", item);
            }
        };
        Step step = books.step(10, 20)
                .writer(chunk -> {
                    for (int n : chunk) {
                        if (n == 4) {
                            throw new DuplicateKeyException("4");
                        }
                        if (n == 7 && broken.get()) {
                            throw new IllegalStateException("7");
                        }
                        books.insert(n);
                    }
                })
                .faultTolerant()
                .skip(DuplicateKeyException.class)
                .skipLimit(5)
                .skipListener(listener)
                .build();

        Twice runs = twice(step, () -> broken.set(false));

        assertThat(runs.first()).isEqualTo(BatchStatus.FAILED);
        assertThat(runs.second()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(books.rows()).isEqualTo("1 2 3 5 6 11 12 13 14 15 16 17 18 19 20");
        assertThat(books.jdbc.queryForObject("SELECT count(*) FROM public.rejected", Integer.class))
                .isZero();
    }

    /** T2c: a stop in the middle of a chunk that is scanned for the bad item. */
    @Test
    void afterAStopInTheScanARestartCompletesWithoutTheRestOfTheChunk() throws Exception {
        AtomicBoolean stop = new AtomicBoolean(true);
        List<StepExecution> current = new ArrayList<>();
        Step step = books.step(10, 20)
                .writer(chunk -> {
                    for (int n : chunk) {
                        if (n == 4) {
                            throw new DuplicateKeyException("4");
                        }
                        books.insert(n);
                        if (n == 2 && chunk.size() == 1 && stop.get()) {
                            current.get(0).setTerminateOnly();
                        }
                    }
                })
                .faultTolerant()
                .skip(DuplicateKeyException.class)
                .skipLimit(5)
                .listener(new StepExecutionListener() {
                    @Override
                    public void beforeStep(StepExecution execution) {
                        current.clear();
                        current.add(execution);
                    }
                })
                .build();

        Twice runs = twice(step, () -> stop.set(false));

        assertThat(runs.first()).isEqualTo(BatchStatus.STOPPED);
        assertThat(runs.second()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(books.rows()).isEqualTo("1 2 11 12 13 14 15 16 17 18 19 20");
    }

    /** T3: a constraint that fails only at COMMIT leaves a state out of which nothing leads. */
    @Test
    void aFailureAtCommitLeavesUnknownForEver() throws Exception {
        deferredParent();
        Step step = books.step(10, 20).writer(books::insertAll).build();
        JobParameters parameters = Books.parameters();

        JobExecution failed = operator.start(books.job(step), parameters);

        assertThat(failed.getStatus()).isEqualTo(BatchStatus.UNKNOWN);
        assertThatThrownBy(() -> operator.start(books.job(step), parameters)).isInstanceOf(Exception.class);
        operator.recover(books.reread(failed));
        assertThat(books.reread(failed).getStatus()).isEqualTo(BatchStatus.UNKNOWN);
    }

    /** D2: the same, with the constraints forced at the end of the chunk. */
    @Test
    void forcedConstraintsFailInTimeAndARestartLosesNothing() throws Exception {
        deferredParent();
        Step step = books.step(10, 20)
                .writer(chunk -> {
                    books.insertAll(chunk);
                    books.jdbc.execute("SET CONSTRAINTS ALL IMMEDIATE");
                })
                .build();

        Twice runs = twice(step, () -> books.jdbc.execute("INSERT INTO public.parent VALUES (15)"));

        assertThat(runs.first()).isEqualTo(BatchStatus.FAILED);
        assertThat(runs.second()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(books.count()).isEqualTo(20);
    }

    private void deferredParent() {
        books.jdbc.execute("INSERT INTO public.parent SELECT n FROM generate_series(1, 20) n WHERE n <> 15");
        books.jdbc.execute(
                "ALTER TABLE public.t ADD FOREIGN KEY (n) REFERENCES public.parent DEFERRABLE INITIALLY DEFERRED");
    }

    /** T4: launches at the same time fail under the framework's own isolation. */
    @Test
    void launchesBesideEachOtherFailWhenTheyAreSerializable() throws Exception {
        assertThat(failuresOf("ISOLATION_SERIALIZABLE")).isPositive();
        assertThat(failuresOf("ISOLATION_READ_COMMITTED")).isZero();
    }

    private int failuresOf(String isolation) throws Exception {
        int failures = 0;
        try (Books other = new Books(DATABASE, isolation)) {
            JobOperator launches = other.operator(new SyncTaskExecutor());
            Job job = other.job(other.step(1, 0).writer(chunk -> {}).build());
            ExecutorService threads = Executors.newFixedThreadPool(6);
            List<Future<JobExecution>> all = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                all.add(threads.submit(() -> launches.start(job, Books.parameters())));
            }
            for (Future<JobExecution> one : all) {
                try {
                    one.get();
                } catch (java.util.concurrent.ExecutionException failed) {
                    failures++;
                }
            }
            threads.shutdown();
        }
        return failures;
    }

    /** T5: recover() asks nobody whether the worker lives, but its next chunk cannot be committed. */
    @Test
    void aRecoveredWorkerThatStillLivesCannotCommit() throws Exception {
        Books.Gate gate = new Books.Gate();
        Job job = books.job(books.step(5, 20)
                .writer(chunk -> {
                    books.insertAll(chunk);
                    gate.pass(chunk);
                })
                .build());
        JobParameters parameters = Books.parameters();
        JobExecution zombie = books.operator(new SimpleAsyncTaskExecutor()).start(job, parameters);
        gate.awaitReached();

        operator.recover(books.reread(zombie));
        JobExecution restarted = operator.start(job, parameters);
        gate.open();
        await(() -> !zombie.isRunning());

        assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(books.count()).isEqualTo(20);
    }

    /** RR: nothing keeps one failed instance from being restarted by several at once. */
    @Test
    void severalWhoRestartOneFailedRunMayAllRunIt() throws Exception {
        int most = 0;
        // How many get in is a race; that it can be more than one is the fault.
        for (int round = 0; round < 20 && most < 2; round++) {
            most = bodiesOfRestarts(4);
        }
        assertThat(most).isGreaterThan(1);
    }

    private int bodiesOfRestarts(int many) throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        AtomicInteger bodies = new AtomicInteger();
        Job job = books.known(new StepBuilder("step", books.repository)
                .tasklet(
                        (contribution, context) -> {
                            if (broken.get()) {
                                throw new IllegalStateException("broken");
                            }
                            bodies.incrementAndGet();
                            return RepeatStatus.FINISHED;
                        },
                        books.transactions)
                .build());
        JobExecution failed = operator.start(job, Books.parameters());
        assertThat(failed.getStatus()).isEqualTo(BatchStatus.FAILED);
        broken.set(false);
        ExecutorService threads = Executors.newFixedThreadPool(many);
        CyclicBarrier together = new CyclicBarrier(many);
        for (int i = 0; i < many; i++) {
            threads.submit(() -> {
                JobExecution seen = books.reread(failed);
                together.await();
                return operator.restart(seen);
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        return bodies.get();
    }

    /** T6: stop() says STOPPED while the chunk still runs, and a restart does that chunk again. */
    @Test
    void aRunThatIsStoppedAndRestartedAtOnceDoesAChunkTwice() throws Exception {
        Books.Gate gate = new Books.Gate();
        Job job = books.known(books.step(5, 20)
                .writer(chunk -> {
                    books.insertAll(chunk);
                    gate.pass(chunk);
                })
                .build());
        JobExecution stopped = books.operator(new SimpleAsyncTaskExecutor()).start(job, Books.parameters());
        gate.awaitReached();

        operator.stop(books.reread(stopped));
        assertThat(books.reread(stopped).getStatus()).isEqualTo(BatchStatus.STOPPED);
        JobExecution restarted = operator.restart(books.reread(stopped));
        gate.open();
        await(() -> !stopped.isRunning());

        assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(books.count()).isEqualTo(25);
    }

    /** T7: a step execution that a worker is handed twice writes nothing the second time. */
    @Test
    void aStepExecutionThatIsDoneIsNotDoneAgain() throws Exception {
        Step step = books.step(5, 20).writer(books::insertAll).build();
        StepExecution execution = books.handedOut();
        step.execute(execution);

        step.execute(books.reread(execution));

        assertThat(books.count()).isEqualTo(20);
    }

    /** T8: a worker that works inside the transaction of a message makes its whole step one transaction. */
    @Test
    void aStepInsideOfATransactionIsUndoneWithIt() throws Exception {
        Step step = books.step(5, 20).writer(books::insertAll).build();
        StepExecution execution = books.handedOut();
        AtomicInteger written = new AtomicInteger();

        new TransactionTemplate(books.transactions).executeWithoutResult(message -> {
            execute(step, execution);
            written.set(books.count());
            message.setRollbackOnly();
        });

        assertThat(written.get()).isEqualTo(20);
        assertThat(books.count()).isZero();
    }

    /** D3: whoever bumps the version of a step's row and goes on with it keeps the one before from committing. */
    @Test
    void aStepExecutionThatIsHandedToAnotherFencesTheFirst() throws Exception {
        Books.Gate gate = new Books.Gate();
        Step first = books.step(5, 20)
                .writer(chunk -> {
                    books.insertAll(chunk);
                    gate.pass(chunk);
                })
                .build();
        Step second = books.step(5, 20).writer(books::insertAll).build();
        StepExecution execution = books.handedOut();
        Thread zombie = new Thread(() -> execute(first, execution), "zombie");
        zombie.start();
        gate.awaitReached();

        books.jdbc.update(
                "UPDATE nightshift.batch_step_execution SET version = version + 1, status = 'STARTING'"
                        + " WHERE step_execution_id = ?",
                execution.getId());
        StepExecution taken = books.reread(execution);
        second.execute(taken);
        gate.open();
        zombie.join();

        assertThat(taken.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(books.count()).isEqualTo(20);
    }

    private static void execute(Step step, StepExecution execution) {
        try {
            step.execute(execution);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** T9: retryLimit counts what comes after the first try, a second apart. */
    @Test
    void aProcessorIsTriedOnceMoreThanItsLimitSays() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        JobExecution execution = run(books.step(1, 1)
                .processor(n -> {
                    tries.incrementAndGet();
                    throw new DuplicateKeyException("no");
                })
                .writer(chunk -> {})
                .faultTolerant()
                .retry(DuplicateKeyException.class)
                .retryLimit(1)
                .build());

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(tries.get()).isEqualTo(2);
    }

    /** D1: a savepoint and a reject in the chunk's own transaction survive failure and restart. */
    @Test
    void rejectsInTheChunksOwnTransactionAreExact() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        books.jdbc.execute("ALTER TABLE public.t ADD CHECK (n % 10 <> 4)");
        TransactionTemplate nested = books.nested();
        Step step = books.step(10, 30)
                .writer(chunk -> {
                    for (int n : chunk) {
                        try {
                            nested.executeWithoutResult(status -> books.insert(n));
                        } catch (DataAccessException bad) {
                            books.jdbc.update("INSERT INTO public.rejected VALUES (?)", n);
                        }
                        if (n == 17 && broken.get()) {
                            throw new IllegalStateException("crash");
                        }
                    }
                })
                .build();

        twice(step, () -> broken.set(false));

        assertThat(books.count()).isEqualTo(27);
        assertThat(books.jdbc.queryForObject(
                        "SELECT string_agg(n::text, ' ' ORDER BY n) FROM public.rejected", String.class))
                .isEqualTo("4 14 24");
    }

    /** Finding 11: the session ends behind the write; the position is saved all the same, outside of the transaction. */
    @Test
    void aPlainStepLosesAChunkWhoseSessionEnds() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        Step step = books.step(5, 20)
                .writer(chunk -> {
                    books.insertAll(chunk);
                    if (chunk.getItems().contains(11) && broken.getAndSet(false)) {
                        Integer pid = books.jdbc.queryForObject("SELECT pg_backend_pid()", Integer.class);
                        DATABASE.execute("SELECT pg_terminate_backend(" + pid + ")");
                    }
                })
                .build();
        JobParameters parameters = Books.parameters();

        JobExecution failed = operator.start(books.job(step), parameters);
        assertThat(failed.getStatus()).isIn(BatchStatus.FAILED, BatchStatus.UNKNOWN);
        assertThat(books.rows()).isEqualTo("1 2 3 4 5 6 7 8 9 10");
        JobExecution restarted = operator.start(books.job(step), parameters);

        assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(books.rows()).isEqualTo("1 2 3 4 5 6 7 8 9 10 16 17 18 19 20");
    }

    private static void await(java.util.function.BooleanSupplier so) throws InterruptedException {
        for (int i = 0; i < 400 && !so.getAsBoolean(); i++) {
            Thread.sleep(25);
        }
        assertThat(so.getAsBoolean()).isTrue();
    }

    private static String causes(JobExecution execution) {
        StringBuilder all = new StringBuilder();
        for (Throwable failure : execution.getAllFailureExceptions()) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                all.append(cause).append('\n');
            }
        }
        return all.toString();
    }
}
