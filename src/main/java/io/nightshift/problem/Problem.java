package io.nightshift.problem;

/**
 * One thing that is wrong, for a person to read.
 *
 * @param where the place: a file and line, a parameter, a run; never empty
 * @param what  what is wrong there, with the value that was found; never a secret
 * @param fix   what to do next; empty when there is nothing to say
 */
public record Problem(String where, String what, String fix) {

    /** Two lines as a terminal shows them: the place and the fault, then, indented, the remedy. */
    public String text() {
        return fix.isEmpty() ? where + ": " + what : where + ": " + what + System.lineSeparator() + "  " + fix;
    }
}
