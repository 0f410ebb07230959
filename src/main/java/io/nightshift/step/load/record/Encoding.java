package io.nightshift.step.load.record;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** How the bytes of a file become text, strictly: a byte that means nothing is found, never replaced. */
final class Encoding {

    private final Charset declared;
    private final Charset read;
    private final CharsetDecoder decoder;
    private final CharBuffer sink = CharBuffer.allocate(4096);

    private Encoding(Charset declared, Charset read) {
        this.declared = declared;
        this.read = read;
        this.decoder = strict(read);
    }

    static Encoding ofCsv(Charset declared) {
        return new Encoding(declared, isTransparent(declared) ? declared : StandardCharsets.UTF_8);
    }

    /** As the reader of JSON wants it, which knows UTF-8 only. */
    static Encoding ofJson(Charset declared) {
        return new Encoding(declared, StandardCharsets.UTF_8);
    }

    static CharsetDecoder strict(Charset charset) {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    // Where an ASCII byte always is that ASCII character, the file can be split at its bytes and entered anywhere.
    private static boolean isTransparent(Charset charset) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            return true;
        }
        if (!charset.canEncode() || charset.newEncoder().maxBytesPerChar() != 1) {
            return false;
        }
        byte[] ascii = new byte[128];
        for (int i = 0; i < ascii.length; i++) {
            ascii[i] = (byte) i;
        }
        return new String(ascii, charset).equals(new String(ascii, StandardCharsets.US_ASCII));
    }

    /** What the file is written in. */
    Charset declared() {
        return declared;
    }

    /** What the reader sees: the file's own bytes, or UTF-8 made from them. */
    Charset read() {
        return read;
    }

    boolean isConverted() {
        return !declared.equals(read);
    }

    /** The index of the first byte that begins no character, or -1. */
    int firstBad(byte[] bytes, int from, int to) {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        decoder.reset();
        CoderResult result;
        do {
            result = decoder.decode(in, sink.clear(), true);
        } while (result.isOverflow());
        return result.isError() ? in.position() : -1;
    }
}
