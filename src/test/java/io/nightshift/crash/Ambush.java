package io.nightshift.crash;

import io.nightshift.crash.WireProxy.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits at the proxy for the moment of a kill, and carries it out there, while statement or answer is held. */
final class Ambush implements WireProxy.Watcher {

    private static final long LOOK_EVERY_MILLIS = 5;

    private final Kill kill;
    private final ProgramUnderTest program;
    private final CrashServer server;
    private final WireProxy proxy;
    private final AtomicInteger left;
    private final AtomicBoolean done = new AtomicBoolean();
    private final CompletableFuture<Phase> struck = new CompletableFuture<>();

    Ambush(Kill kill, ProgramUnderTest program, CrashServer server, WireProxy proxy) {
        this.kill = kill;
        this.program = program;
        this.server = server;
        this.proxy = proxy;
        this.left = new AtomicInteger(kill.phase().timed() ? 1 : kill.occasion());
    }

    @Override
    public Verdict sent(Sent statement) {
        if (kill.phase().timed() && Sent.readsToken(statement.sql()) && left.getAndDecrement() == 1) {
            Thread later = new Thread(() -> atTheMoment(statement), "ambush");
            later.setDaemon(true);
            later.start();
        }
        return look(statement, false);
    }

    @Override
    public Verdict answered(Sent statement) {
        return look(statement, true);
    }

    private Verdict look(Sent statement, boolean answered) {
        if (!kill.phase().timed() && kill.at(statement, answered) && left.decrementAndGet() == 0) {
            strike(statement, kill.phase());
            return Verdict.CUT;
        }
        return Verdict.PASS;
    }

    /** Counted from the first transaction that reads the token. */
    private void atTheMoment(Sent statement) {
        try {
            Thread.sleep(kill.occasion());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (program.alive()) {
            Sent victim = proxy.sessions().stream()
                    .filter(session -> session.place() == Sent.Place.CHUNK)
                    .findFirst()
                    .map(session -> new Sent(session, "", session.place(), 0))
                    .orElse(statement);
            strike(victim, Phase.now(proxy));
        }
    }

    private void strike(Sent statement, Phase where) {
        if (!done.compareAndSet(false, true)) {
            return;
        }
        try {
            if (kill.target().killsServer()) {
                server.kill();
            }
            if (kill.target() == Kill.Target.BACKEND) {
                CrashServer.killBackend(statement.session().backend());
            }
            if (kill.target().killsProgram()) {
                program.kill();
            }
            if (kill.target().killsServer()) {
                server.startAgain();
            }
            struck.complete(where);
        } catch (RuntimeException e) {
            struck.completeExceptionally(e);
        }
    }

    /** Where it happened, when all is dead that should be and runs again; empty when the process has ended before. */
    Optional<Phase> await() {
        while (program.alive() && !done.get()) {
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return done.get() ? Optional.of(struck.join()) : Optional.empty();
    }
}
