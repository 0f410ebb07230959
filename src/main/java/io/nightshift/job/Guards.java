package io.nightshift.job;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * How many rows a step may have: what is outside is refused before anything is written.
 *
 * @param maxRows the most rows; a step that grows beyond it while it runs ends before the chunk that would go over
 * @param expect  between which numbers they are when the step begins
 * @param table   of which a share is meant; empty where the step names none
 */
public record Guards(Optional<MaxRows> maxRows, Optional<Range> expect, String table) {

    public static final Guards NONE = new Guards(Optional.empty(), Optional.empty(), "");

    /**
     * @param count the most rows; ignored when a share is given
     * @param share of the table's rows, 0 to 1; negative when a count is given
     */
    public record MaxRows(long count, double share) {

        public boolean isShare() {
            return share >= 0;
        }

        /** The number, for a table of so many rows. */
        public long of(long rows) {
            return isShare() ? (long) Math.floor(share * rows) : count;
        }

        @Override
        public String toString() {
            return isShare()
                    ? BigDecimal.valueOf(share * 100)
                                    .setScale(4, RoundingMode.HALF_UP)
                                    .stripTrailingZeros()
                                    .toPlainString()
                            + "%"
                    : "%,d".formatted(count);
        }
    }

    /** @param most {@link Long#MAX_VALUE} where there is no upper end */
    public record Range(long least, long most) {

        @Override
        public String toString() {
            return (least == 0 ? "" : "%,d".formatted(least))
                    + ".."
                    + (most == Long.MAX_VALUE ? "" : "%,d".formatted(most));
        }
    }

    public boolean any() {
        return maxRows.isPresent() || expect.isPresent();
    }
}
