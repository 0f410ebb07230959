package io.nightshift.step.load.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A stream of some other encoding, read as UTF-8. What is malformed comes out as one byte that UTF-8 never has, so that
 * the record it stands in is found broken and no other.
 */
final class Utf8Conversion extends InputStream {

    private static final byte MALFORMED = (byte) 0xff;
    // Only the first of a record is asked for; a file full of them must not fill the heap.
    private static final int KEPT_FAULTS = 10_000;

    private record Fault(long convertedOffset, long sourceOffset) {}

    private final InputStream source;
    private final CharsetDecoder decoder;
    private final ByteBuffer in = ByteBuffer.allocate(32 * 1024).limit(0);
    // Room for whatever one filling of the other can become, so that nothing is left over when the stream ends.
    private final CharBuffer chars = CharBuffer.allocate(64 * 1024);
    private final Deque<Fault> faults = new ArrayDeque<>();
    private ByteBuffer out = ByteBuffer.allocate(0);
    private long sourceOffset;
    private long convertedOffset;
    private boolean ended;

    Utf8Conversion(InputStream source, Charset charset) {
        this.source = source;
        this.decoder = Encoding.strict(charset);
    }

    /** The file's own offset of a malformed byte of this stream; the given one when it is not known. */
    long sourceOffset(long converted) {
        while (!faults.isEmpty() && faults.peek().convertedOffset() < converted) {
            faults.poll();
        }
        return !faults.isEmpty() && faults.peek().convertedOffset() == converted
                ? faults.peek().sourceOffset()
                : converted;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (!out.hasRemaining()) {
            if (ended) {
                return -1;
            }
            convert();
        }
        int count = Math.min(length, out.remaining());
        out.get(bytes, offset, count);
        return count;
    }

    private void convert() throws IOException {
        boolean last = !refill();
        int before = in.position();
        CoderResult result = decoder.decode(in, chars.clear(), last);
        sourceOffset += in.position() - before;
        if (last && result.isUnderflow()) {
            decoder.flush(chars);
            ended = true;
        }
        byte[] text = chars.flip().toString().getBytes(StandardCharsets.UTF_8);
        convertedOffset += text.length;
        out = ByteBuffer.wrap(text);
        if (result.isError()) {
            out = ByteBuffer.allocate(text.length + 1).put(text).put(MALFORMED).flip();
            skip(result.length());
        }
    }

    private void skip(int malformed) {
        if (faults.size() < KEPT_FAULTS) {
            faults.add(new Fault(convertedOffset, sourceOffset));
        }
        convertedOffset++;
        sourceOffset += malformed;
        in.position(in.position() + malformed);
    }

    private boolean refill() throws IOException {
        in.compact();
        int count = source.read(in.array(), in.position(), in.remaining());
        in.position(in.position() + Math.max(count, 0)).flip();
        return count >= 0;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
