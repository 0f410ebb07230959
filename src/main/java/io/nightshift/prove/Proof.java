package io.nightshift.prove;

import java.util.ArrayList;
import java.util.List;

/** What was found out about one step, or about the run as a whole: what holds, what does not, what nobody can see. */
public final class Proof {

    /** Of one kind of finding the first are enough to look for the cause. */
    public static final int EXAMPLES = 10;

    private final String step;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> held = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();
    private boolean beganRun;

    /** @param step its name; empty for the run as a whole */
    public Proof(String step) {
        this.step = step;
    }

    /** Adds what nothing that came later explains. */
    public void broken(String where, String what) {
        findings.add(new Finding(step, where, what, false));
    }

    /** Adds a difference that writes after the step's end can explain. */
    public void later(String where, String what) {
        findings.add(new Finding(step, where, what, true));
    }

    /** Adds what was looked at and holds, in one line. */
    public void held(String what) {
        held.add(what);
    }

    /** Adds what this proof cannot see, in one line. */
    public void unseen(String what) {
        unseen.add(what);
    }

    /** The step began a run of its own, which has to be proven as well. */
    public void beganRun() {
        beganRun = true;
    }

    public String step() {
        return step;
    }

    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    public List<String> held() {
        return List.copyOf(held);
    }

    public List<String> unseen() {
        return List.copyOf(unseen);
    }

    public boolean hasBegunRun() {
        return beganRun;
    }
}
