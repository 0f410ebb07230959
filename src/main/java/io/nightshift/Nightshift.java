package io.nightshift;

/** Where the program starts. */
public final class Nightshift {
    private Nightshift() {}

    public static void main(String[] arguments) {
        System.exit(0);
    }
}
