package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyTextTest {

    private final CopyText text = new CopyText();

    @Test
    void nullEmptyAndWhatCopyTakesForItselfAreWrittenApart() {
        text.add(Arrays.asList(null, "", "\\N", "a\tb\nc\rd\\e", "\\."));
        assertThat(rows(0, 1)).isEqualTo("\\N\t\t\\\\N\ta\\tb\\nc\\rd\\\\e\t\\\\.\n");
    }

    @Test
    void everyCharacterIsUtf8() {
        String all = "aéА한😀\u007f\u0080\u07ff\u0800\uffff\ud800\udc00\udbff\udfff\b\f\u000b";
        text.add(List.of(all));
        assertThat(rows(0, 1)).isEqualTo(all + "\n");
    }

    @Test
    void anyRangeOfRowsCanBeSentAgain() {
        for (int i = 0; i < 5000; i++) {
            text.add(List.of("row " + i, "x".repeat(i % 50)));
        }
        assertThat(text.rows()).isEqualTo(5000);
        assertThat(rows(0, 1)).isEqualTo("row 0\t\n");
        assertThat(rows(4998, 5000)).isEqualTo("row 4998\t" + "x".repeat(48) + "\nrow 4999\t" + "x".repeat(49) + "\n");
        text.clear();
        assertThat(text.rows()).isZero();
        assertThat(text.offset(0)).isZero();
    }

    @Test
    void halfASurrogatePairIsRefusedRatherThanReplaced() {
        assertThatThrownBy(() -> text.add(List.of("a\ud800"))).isInstanceOf(IllegalArgumentException.class);
    }

    private String rows(int from, int to) {
        int begin = text.offset(from);
        return new String(text.bytes(), begin, text.offset(to) - begin, StandardCharsets.UTF_8);
    }
}
