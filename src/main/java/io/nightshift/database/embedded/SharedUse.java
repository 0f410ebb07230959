package io.nightshift.database.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who uses a server: every process holds a shared lock on a file, which the system takes back when it is killed. Whoever
 * starts or stops the server holds another lock meanwhile, so that no two do and none stops what another has just
 * joined.
 *
 * <p>One object per folder and process: file locks belong to the process, and closing a second channel on the same file
 * would give back the first one's.
 */
final class SharedUse {

    private static final Map<Path, SharedUse> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    /** Longer than the longest start that is waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private final ServerFolder folder;
    private int users;
    private @Nullable FileChannel channel;
    private @Nullable FileLock shared;

    private SharedUse(ServerFolder folder) {
        this.folder = folder;
    }

    static SharedUse of(ServerFolder folder) {
        return IN_THIS_PROCESS.computeIfAbsent(folder.path(), path -> new SharedUse(folder));
    }

    /** Counts one user more, after what makes the server run has worked. */
    synchronized <T> T join(Supplier<T> start) {
        return whileNobodyStartsOrStops(() -> {
            if (users == 0) {
                share();
            }
            try {
                T started = start.get();
                users++;
                return started;
            } finally {
                if (users == 0) {
                    unshare();
                }
            }
        });
    }

    /** Counts one user less; the last of all processes does what comes then. */
    synchronized void leave(Runnable last) {
        users--;
        if (users == 0) {
            alone(last);
        }
    }

    /** Does it if nobody else uses the server, and says whether. */
    synchronized boolean alone(Runnable action) {
        return users == 0
                && whileNobodyStartsOrStops(() -> {
                    unshare();
                    try (FileChannel file = FileChannel.open(folder.useLock(), READ, WRITE, CREATE);
                            FileLock exclusive = file.tryLock()) {
                        if (exclusive == null) {
                            return false;
                        }
                        action.run();
                        return true;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private void share() {
        try {
            channel = FileChannel.open(folder.useLock(), READ, WRITE, CREATE);
            // Nobody holds it exclusively now: that happens only under the lock that we hold.
            shared = channel.lock(0, Long.MAX_VALUE, true);
        } catch (IOException e) {
            throw cannotLock(e);
        }
    }

    private void unshare() {
        try {
            if (shared != null && channel != null) {
                shared.release();
                channel.close();
            }
            shared = null;
            channel = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T whileNobodyStartsOrStops(Supplier<T> action) {
        try (FileChannel file = FileChannel.open(folder.startLock(), READ, WRITE, CREATE);
                FileLock lock = patiently(file)) {
            return action.get();
        } catch (IOException e) {
            throw cannotLock(e);
        }
    }

    private FileLock patiently(FileChannel file) throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        FileLock lock = file.tryLock();
        while (lock == null) {
            if (Instant.now().isAfter(end)) {
                throw EmbeddedProblem.at(
                        folder.startLock(),
                        "another process has been starting or stopping the embedded database for %d minutes."
                                .formatted(PATIENCE.toMinutes()),
                        "Look for it with: fuser " + folder.startLock());
            }
            Pause.of(Duration.ofMillis(50));
            lock = file.tryLock();
        }
        return lock;
    }

    private RuntimeException cannotLock(IOException e) {
        return EmbeddedProblem.at(
                folder.path(),
                "a lock cannot be taken here (" + e.getMessage() + ").",
                "Set nightshift.state to a directory of your own on a local disk.");
    }
}
