package io.nightshift.chunk;

/**
 * Records or keys, accounted for: {@code read = written + rejected + skipped}, always.
 *
 * @param read     records or keys that were looked at
 * @param written  applied
 * @param rejected not applied because the database or the reader refused them; each is a reject
 * @param skipped  superseded, no longer qualifying, or nothing to do
 */
public record Counts(long read, long written, long rejected, long skipped) {

    public static final Counts ZERO = new Counts(0, 0, 0, 0);

    public Counts {
        if (read != written + rejected + skipped) {
            throw new IllegalArgumentException(
                    "%d read are not %d written, %d rejected and %d skipped. This is a bug in Nightshift."
                            .formatted(read, written, rejected, skipped));
        }
    }

    public Counts plus(Counts other) {
        return new Counts(
                read + other.read, written + other.written, rejected + other.rejected, skipped + other.skipped);
    }

    /** For people: {@code 3 read, 2 written, 1 rejected and 0 skipped}. */
    public String words() {
        return "%,d read, %,d written, %,d rejected and %,d skipped".formatted(read, written, rejected, skipped);
    }
}
