package io.nightshift.job;

/** A text is not what its place takes; whoever knows the place turns it into a problem. */
final class Unfit extends Exception {

    private static final long serialVersionUID = 1L;

    private final String fix;

    Unfit(String what, String fix) {
        super(what, null, false, false);
        this.fix = fix;
    }

    String what() {
        return getMessage();
    }

    String fix() {
        return fix;
    }

    /** Turns a text into what it stands for. */
    interface Parser<T> {
        T parse(String text) throws Unfit;
    }
}
