package io.nightshift.job.yaml;

/** A text is not what its place takes; whoever knows the place turns it into a problem. */
public final class Unfit extends Exception {

    private static final long serialVersionUID = 1L;

    private final String fix;

    public Unfit(String what, String fix) {
        super(what, null, false, false);
        this.fix = fix;
    }

    public String what() {
        return getMessage();
    }

    public String fix() {
        return fix;
    }

    /** Turns a text into what it stands for. */
    public interface Parser<T> {
        T parse(String text) throws Unfit;
    }
}
