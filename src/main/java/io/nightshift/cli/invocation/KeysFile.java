package io.nightshift.cli.invocation;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.step.ListedKeys;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the list of keys to which a run is limited. */
public final class KeysFile {

    /** It is frozen into the run as it is. */
    private static final long LARGEST = 64L << 20;

    private KeysFile() {}

    public static ListedKeys read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw unfit(file, "has more than 64 MB", "Let the keys query of the job say which rows.");
            }
            String text = Files.readString(file);
            String list = text.startsWith("\uFEFF") ? text.substring(1) : text;
            if (list.isBlank()) {
                throw unfit(file, "lists no key", "Write one on each line.");
            }
            return new ListedKeys(list);
        } catch (NoSuchFileException gone) {
            throw unfit(file, "there is no such file", "Look at its path.");
        } catch (CharacterCodingException garbled) {
            throw unfit(file, "is no UTF-8", "Convert it first.");
        } catch (IOException failure) {
            throw unfit(file, "cannot be read: " + failure.getMessage(), "Look at its rights.");
        }
    }

    private static ProblemException unfit(Path file, String what, String fix) {
        return new ProblemException(ExitCode.USAGE, file + " (--keys-from)", what, fix);
    }
}
