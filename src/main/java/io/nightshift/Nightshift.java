package io.nightshift;

import io.nightshift.cli.Program;

/** Where the program starts. */
public final class Nightshift {
    private Nightshift() {}

    /** Hands the arguments to the command line and ends with its exit code. */
    public static void main(String[] arguments) {
        System.exit(Program.run(arguments));
    }
}
