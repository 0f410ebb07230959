package io.nightshift.crash;

import io.nightshift.crash.Kill.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The kills that are still to come, in an order that the seed decides. */
final class Deck {

    private static final List<Target> TARGETS = List.of(Target.PROGRAM, Target.BACKEND, Target.SERVER, Target.BOTH);
    private static final int MOST_PUT_BACK = 100;

    private final Random random;
    private final List<Kill> kills = new ArrayList<>();
    private int putBack;

    Deck(long seed) {
        this.random = new Random(seed);
    }

    /** So many kills in a phase; the targets take turns, the program being killed as often as the others together. */
    Deck with(int count, Phase phase) {
        for (int n = 0; n < count; n++) {
            Target target = TARGETS.get(n % 2 == 0 ? 0 : 1 + n / 2 % 3);
            kills.add(new Kill(target, phase, occasion(phase), n / 2 % 2 == 0));
        }
        return this;
    }

    private int occasion(Phase phase) {
        return switch (phase) {
            case BETWEEN_STATEMENTS -> 1 + random.nextInt(24);
            case BEFORE_CONTEXT, BEFORE_COMMIT, AFTER_COMMIT -> 1 + random.nextInt(4);
            case OPENING -> 1 + random.nextInt(6);
            case END_OF_STEP, END_OF_RUN -> 1;
            case TAKE_OVER -> 1 + random.nextInt(2);
            case MOMENT_IN_CHUNK, MOMENT_ELSEWHERE -> random.nextInt(250);
        };
    }

    Deck shuffled() {
        Collections.shuffle(kills, random);
        return this;
    }

    boolean isEmpty() {
        return kills.isEmpty();
    }

    /** @param continuing whether an attempt before this one has died, so that there is something to take over */
    Kill next(boolean continuing) {
        for (int n = 0; n < kills.size(); n++) {
            if (continuing || kills.get(n).phase() != Phase.TAKE_OVER) {
                return kills.remove(n);
            }
        }
        // Only take-overs are left: somebody has to die first.
        return new Kill(Target.PROGRAM, Phase.BETWEEN_STATEMENTS, 1 + random.nextInt(24), false);
    }

    /** There was no occasion for it: it comes again, sooner. */
    void putBack(Kill kill) {
        if (++putBack > MOST_PUT_BACK) {
            throw new IllegalStateException("again and again there is no occasion for " + kill);
        }
        kills.add(kill.sooner());
    }
}
