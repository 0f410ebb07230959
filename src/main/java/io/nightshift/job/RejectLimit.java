package io.nightshift.job;

/**
 * How many rejects a step may have before its run ends: a number, or a share of what was read so far.
 *
 * @param count the most rejects allowed; ignored when a share is given
 * @param share the largest allowed part of the records read, 0 to 1; negative when a count is given
 */
public record RejectLimit(long count, double share) {

    public static final RejectLimit NONE = ofCount(0);

    public static RejectLimit ofCount(long count) {
        return new RejectLimit(count, -1);
    }

    public static RejectLimit ofShare(double share) {
        return new RejectLimit(0, share);
    }

    public boolean isShare() {
        return share >= 0;
    }

    @Override
    public String toString() {
        return isShare() ? (share * 100) + "%" : Long.toString(count);
    }
}
