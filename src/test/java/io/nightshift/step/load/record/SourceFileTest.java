package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFileTest {

    @TempDir
    private Path folder;

    @Test
    void gzipIsKnownByItsBytesAndNotByItsName() throws IOException {
        assertThat(Reading.all(packed("a\nb\n"), Reading.CSV)).hasSize(2);
        Path plain = Files.writeString(folder.resolve("plain.csv.gz"), "a\nb\nc\n");
        assertThat(Reading.all(plain, Reading.CSV)).hasSize(3);
    }

    @Test
    void aGzipOfSeveralMembersIsOneFile() throws IOException {
        Path file = packed("a\n\"b\n");
        Files.write(file, Files.readAllBytes(packed("c\"\nd\n")), StandardOpenOption.APPEND);
        assertThat(Reading.all(file, Reading.CSV)).hasSize(3).noneMatch(Reading::isBroken);
    }

    @Test
    void aGzipThatIsCutOffOrGoesOnWithOtherBytesIsNoEnd() throws IOException {
        Path cut = packed("some text\n".repeat(1000));
        byte[] bytes = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 9));
        assertThatThrownBy(() -> Reading.all(cut, Reading.CSV)).isInstanceOf(IOException.class);
        Path followed = packed("a\n");
        Files.writeString(followed, "b\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> Reading.all(followed, Reading.CSV)).isInstanceOf(IOException.class);
    }

    @Test
    void aDirectoryAndAMissingFileAreNoEmptyFiles() {
        assertThatThrownBy(() -> Reading.all(folder, Reading.CSV)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Reading.all(folder, Reading.JSONL)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Reading.all(folder.resolve("none"), Reading.CSV))
                .isInstanceOf(IOException.class);
    }

    private Path packed(String text) throws IOException {
        return Reading.writeGzip(folder, text.getBytes(StandardCharsets.UTF_8));
    }
}
