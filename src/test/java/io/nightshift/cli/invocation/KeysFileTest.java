package io.nightshift.cli.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysFileTest {

    @TempDir
    Path directory;

    @Test
    void aListIsReadAsItIsWithoutAByteOrderMark() throws IOException {
        assertThat(KeysFile.read(written("\uFEFF5\r\n7\n")).text()).isEqualTo("5\r\n7\n");
    }

    @Test
    void aListThatIsNoneIsRefusedWithItsPath() throws IOException {
        assertThatThrownBy(() -> KeysFile.read(directory.resolve("none.txt")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("none.txt (--keys-from): there is no such file");
        Path empty = written(" \n");
        assertThatThrownBy(() -> KeysFile.read(empty)).hasMessageContaining("lists no key");
        Path latin = Files.write(directory.resolve("latin.txt"), "M\u00fcller\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> KeysFile.read(latin)).hasMessageContaining("is no UTF-8");
        assertThatThrownBy(() -> KeysFile.read(directory)).hasMessageContaining("(--keys-from)");
    }

    private Path written(String text) throws IOException {
        return Files.writeString(directory.resolve("keys.txt"), text);
    }
}
