package io.nightshift.step.load.record;

import io.nightshift.step.load.record.Content.Broken;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A window over a stream that holds the record being read. It grows up to the longest record allowed; of a longer one
 * only the head stays, so that a forgotten quote costs a file's length of time and no heap.
 */
final class RecordBuffer implements Closeable {

    private static final int READ_BYTES = 256 * 1024;
    private static final int LINE_END_BYTES = 2;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final String PROGRAM_LIMIT_EXCEEDED = "54000";

    private final InputStream in;
    private final int longest;
    private byte[] bytes = new byte[READ_BYTES];
    private int start;
    private int at;
    private int limit;
    private long base;
    private long letGo;
    private int seen;
    private byte @Nullable [] head;

    private RecordBuffer(InputStream in, long offset, int longest) {
        this.in = in;
        this.base = offset;
        this.longest = Math.min(longest, Integer.MAX_VALUE - 2 * READ_BYTES);
    }

    /** Stands at the first record from that place on: behind a byte order mark that is to be skipped. */
    static RecordBuffer open(Source source, Position from, int longest) throws IOException {
        RecordBuffer buffer = new RecordBuffer(source.from(from.offset()), from.offset(), longest);
        try {
            if (from.offset() == 0 && source.skipsMark()) {
                buffer.skipIf(BYTE_ORDER_MARK);
            }
            return buffer;
        } catch (IOException e) {
            buffer.close();
            throw e;
        }
    }

    /** The next byte is the first of a record; false at the end of the stream. */
    boolean begin() throws IOException {
        start = at;
        letGo = 0;
        seen = 0;
        head = null;
        return at < limit || fill();
    }

    /** Moves behind the next byte that is one of the stops: that byte, or -1 at the end of the stream. */
    int next(boolean[] stops) throws IOException {
        do {
            byte[] window = bytes;
            int bits = seen;
            for (int i = at; i < limit; i++) {
                byte b = window[i];
                bits |= b;
                if (stops[b & 0xff]) {
                    at = i + 1;
                    seen = bits;
                    return b & 0xff;
                }
            }
            seen = bits;
            at = limit;
        } while (fill());
        return -1;
    }

    /** Moves behind the next byte if it is this one. */
    boolean skipIf(int expected) throws IOException {
        boolean next = nextIs(expected);
        at += next ? 1 : 0;
        return next;
    }

    /** Whether the next byte is this one. */
    boolean nextIs(int expected) throws IOException {
        return (at < limit || fill()) && (bytes[at] & 0xff) == expected;
    }

    private void skipIf(byte[] expected) throws IOException {
        while (limit - at < expected.length && fill()) {
            continue;
        }
        int end = at + expected.length;
        if (end <= limit && Arrays.equals(bytes, at, end, expected, 0, expected.length)) {
            at = end;
        }
    }

    /** How many bytes of the record have been passed. */
    long length() {
        return letGo + at - start;
    }

    /** Where reading is, counted from the beginning of the stream. */
    long offset() {
        return base + at;
    }

    /** The file's own offset of a byte that is no text. */
    long inFile(long offset) {
        return in instanceof Utf8Conversion conversion ? conversion.sourceOffset(offset) : offset;
    }

    /** Whether a record of so many bytes is longer than allowed; they may be gone then. */
    boolean isTooLong(long length) {
        return length > longest;
    }

    Broken tooLong(Position start, long length) {
        String message = "is %d bytes long, more than the %d of \"max-record\"".formatted(length, longest);
        return new Broken(message, PROGRAM_LIMIT_EXCEEDED, start.line(), start.offset());
    }

    /** Whether a byte of the record lies outside ASCII. */
    boolean hasHighBytes() {
        return seen < 0;
    }

    /** The array that holds the record from {@link #start} on, until the next record begins. */
    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    /** The record's bytes, for one that is not too long. */
    byte[] copy(int length) {
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    RawBytes raw(long length) {
        byte[] first = head != null
                ? Arrays.copyOf(head, (int) Math.min(head.length, length))
                : Arrays.copyOfRange(bytes, start, start + (int) Math.min(RawBytes.LIMIT, length));
        return new RawBytes(first, length);
    }

    // Called when every byte in the window has been passed or is about to be compared.
    private boolean fill() throws IOException {
        if (limit == bytes.length) {
            makeRoom();
        }
        int count = in.read(bytes, limit, bytes.length - limit);
        limit += Math.max(count, 0);
        return count > 0;
    }

    private void makeRoom() {
        if (isTooLong(length() - LINE_END_BYTES)) {
            if (head == null) {
                head = Arrays.copyOfRange(bytes, start, start + Math.min(RawBytes.LIMIT, at - start));
            }
            letGo += at - start;
            start = at;
        }
        int kept = limit - start;
        byte[] roomy = kept > bytes.length / 2 ? new byte[grown()] : bytes;
        System.arraycopy(bytes, start, roomy, 0, kept);
        bytes = roomy;
        base += start;
        at -= start;
        limit = kept;
        start = 0;
    }

    private int grown() {
        return (int) Math.min(2L * bytes.length, (long) longest + READ_BYTES + LINE_END_BYTES);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
