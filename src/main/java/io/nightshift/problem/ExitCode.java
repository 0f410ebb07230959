package io.nightshift.problem;

/** What a command ends with. The numbers are API: scripts rely on them. */
public enum ExitCode {
    /** Everything asked for was done. */
    DONE(0),
    /** The run failed, a limit was exceeded, a proof did not hold, or the database cannot be used. */
    FAILED(1),
    /** Usage, parameters, content, or a schema that is not migrated. */
    USAGE(2),
    /** A guard refused. */
    REFUSED(3),
    /** Somebody else runs it already. */
    ALREADY_RUNNING(4),
    /** Stopped before the end; it can be resumed. */
    STOPPED(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
