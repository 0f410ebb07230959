package io.nightshift.content;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes of a content file as text. Broken ones are refused: a replaced character in a statement would change rows. */
final class TextOf {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextOf() {}

    static String utf8(String where, byte[] bytes) {
        ByteBuffer input = ByteBuffer.wrap(bytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(input).toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    where + ":" + lineOf(bytes, input.position()),
                    "is not UTF-8 from byte " + input.position() + " on.",
                    "Save the file as UTF-8.");
        }
    }

    private static int lineOf(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
