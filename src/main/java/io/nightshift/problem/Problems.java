package io.nightshift.problem;

import java.util.ArrayList;
import java.util.List;

/** Collects every problem before anything stops, so that one look at the screen is enough. Not thread-safe. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    /** Remembers one problem; see {@link Problem} for the three parts. */
    public void add(String where, String what, String fix) {
        found.add(new Problem(where, what, fix));
    }

    public boolean any() {
        return !found.isEmpty();
    }

    /** What was found so far, in order. */
    public List<Problem> all() {
        return List.copyOf(found);
    }

    /**
     * Ends here if anything was found.
     *
     * @throws ProblemException with all problems and the given exit code
     */
    public void throwIfAny(ExitCode exit) {
        if (any()) {
            throw new ProblemException(exit, found, null);
        }
    }
}
