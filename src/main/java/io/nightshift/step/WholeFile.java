package io.nightshift.step;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A file that appears whole or not at all: written under another name beside it, made durable, then renamed. */
public final class WholeFile {

    private final Path file;
    private final Path part;

    /** @param run whose file this is: two runs never share a part */
    public WholeFile(Path file, long run) {
        this.file = file.toAbsolutePath();
        this.part = this.file.resolveSibling("." + this.file.getFileName() + "." + run + ".part");
    }

    public Path file() {
        return file;
    }

    public Path part() {
        return part;
    }

    /** The folder is there, so that the part can be written. */
    public void prepare() throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
    }

    /** Writes everything at once and publishes it. */
    public void publish(byte[] content) throws IOException {
        prepare();
        Files.write(part, content);
        publish();
    }

    /** Gives the finished part its name, replacing an older file. */
    public void publish() throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException unsupported) {
            throw new IOException(file + " cannot be put in place in one step on this file system", unsupported);
        }
    }
}
