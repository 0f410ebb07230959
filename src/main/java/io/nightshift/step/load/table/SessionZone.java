package io.nightshift.step.load.table;

import java.time.ZoneId;
import java.time.ZoneOffset;

/** A zone in PostgreSQL's words. */
public final class SessionZone {

    private SessionZone() {}

    /** What {@code SET TimeZone} understands as the same zone. */
    public static String of(ZoneId zone) {
        if (!(zone.normalized() instanceof ZoneOffset offset)) {
            return zone.getId();
        }
        if (offset.equals(ZoneOffset.UTC)) {
            return "UTC";
        }
        // A bare +02:00 would be read by POSIX, where positive means west of Greenwich.
        String name = offset.getId();
        String posix = (name.startsWith("-") ? "+" : "-") + name.substring(1);
        return "<" + name + ">" + posix;
    }
}
