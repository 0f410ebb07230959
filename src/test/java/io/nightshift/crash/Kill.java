package io.nightshift.crash;

/**
 * One intended kill.
 *
 * @param target what dies
 * @param phase  where; with {@code occasion} at the how manyth such statement, or after how many milliseconds
 * @param late   where a phase has two sides: whether the statement is executed and the program does not know
 */
record Kill(Target target, Phase phase, int occasion, boolean late) {

    enum Target {
        PROGRAM("the program"),
        BACKEND("its backend"),
        SERVER("the server"),
        BOTH("program and server"),
        /** Nobody dies: only the connection breaks. Not one of the kills that are dealt. */
        CONNECTION("the connection");

        private final String words;

        Target(String words) {
            this.words = words;
        }

        boolean killsProgram() {
            return this == PROGRAM || this == BOTH;
        }

        boolean killsServer() {
            return this == SERVER || this == BOTH;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** The same, at the next chance. */
    Kill sooner() {
        return new Kill(target, phase, phase.timed() ? occasion / 2 : 1, late);
    }

    boolean at(Sent statement, boolean answered) {
        boolean bothSides = phase == Phase.END_OF_STEP || phase == Phase.END_OF_RUN || phase == Phase.TAKE_OVER;
        return phase.at(statement, answered) && (!bothSides || answered == late);
    }
}
