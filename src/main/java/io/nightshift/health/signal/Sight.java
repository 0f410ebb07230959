package io.nightshift.health.signal;

import java.util.Optional;

/**
 * What one look at a signal showed: a reason to wait, or why nothing could be seen, or neither, when all is well.
 *
 * @param hold   why the run should wait
 * @param unseen why this is not known; a signal that cannot be seen is not taken for healthy
 */
public record Sight(Optional<String> hold, Optional<String> unseen) {

    public static final Sight CLEAR = new Sight(Optional.empty(), Optional.empty());

    static Sight hold(String reason) {
        return new Sight(Optional.of(reason), Optional.empty());
    }

    static Sight unseen(String why) {
        return new Sight(Optional.empty(), Optional.of(why));
    }
}
