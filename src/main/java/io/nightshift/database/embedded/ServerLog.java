package io.nightshift.database.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * The log of a server, from a moment on.
 *
 * @param from its length at that moment
 */
record ServerLog(ServerFolder folder, long from) {

    private static final long TOO_LONG = 10_000_000;

    /** From now on; a log that has grown long begins anew. The server must not run. */
    static ServerLog from(ServerFolder folder) {
        try {
            long length = Files.exists(folder.log()) ? Files.size(folder.log()) : 0;
            if (length > TOO_LONG) {
                Files.delete(folder.log());
                return new ServerLog(folder, 0);
            }
            return new ServerLog(folder, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String sinceThen() {
        try (RandomAccessFile log = new RandomAccessFile(folder.log().toFile(), "r")) {
            byte[] text = new byte[(int) Math.min(Math.max(0, log.length() - from), 100_000)];
            log.seek(from);
            log.readFully(text);
            return new String(text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "its log cannot be read";
        }
    }
}
