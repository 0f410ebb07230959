package io.nightshift.cli.answer;

import io.nightshift.run.history.RejectHistory.Place;
import io.nightshift.run.history.RejectHistory.Reject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rejects as lines of CSV (RFC 4180). A record that is UTF-8 without NUL stands as it came; any other as PostgreSQL's
 * {@code decode(raw, 'escape')} reads it back to the byte.
 */
public final class RejectLines {

    public static final String HEADER =
            "id,run,job,step,file,record,line,byte_offset,key,sqlstate,constraint,column,message,"
                    + "reason,state,raw,raw_form,raw_length";

    private RejectLines() {}

    public static String of(Reject reject) {
        Place place = reject.place();
        Optional<String> text = reject.raw().flatMap(RejectLines::text);
        boolean bytes = reject.raw().isPresent();
        return Stream.of(
                        Long.toString(reject.id()),
                        Long.toString(reject.run()),
                        reject.job(),
                        reject.step(),
                        place.path().orElse(""),
                        place.record().map(String::valueOf).orElse(""),
                        place.line().map(String::valueOf).orElse(""),
                        place.offset().map(String::valueOf).orElse(""),
                        key(place.key()),
                        reject.cause().sqlstate(),
                        reject.cause().constraint().orElse(""),
                        reject.cause().column().orElse(""),
                        reject.message(),
                        reject.cause().reason().orElse(""),
                        reject.state(),
                        text.or(() -> reject.raw().map(RejectLines::escaped)).orElse(""),
                        !bytes ? "" : text.isPresent() ? "text" : "escape",
                        bytes ? Long.toString(reject.rawLength()) : "")
                .map(RejectLines::quoted)
                .collect(Collectors.joining(","));
    }

    /** A key of one column as it is; of several, as PostgreSQL writes an array of texts. */
    private static String key(List<String> key) {
        return key.size() < 2
                ? String.join("", key)
                : key.stream()
                        .map(part -> '"' + part.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static Optional<String> text(byte[] raw) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException none) {
            return Optional.empty();
        }
    }

    private static String escaped(byte[] raw) {
        StringBuilder text = new StringBuilder(raw.length + 16);
        for (byte b : raw) {
            if (b == '\\') {
                text.append("\\\\");
            } else if (b <= 0) {
                text.append('\\').append(String.format("%03o", b & 0xff));
            } else {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
