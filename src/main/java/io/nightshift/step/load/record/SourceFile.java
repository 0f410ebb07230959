package io.nightshift.step.load.record;

import io.nightshift.job.Dialect;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * A file as a stream of bytes that the readers can split: decompressed, and converted where its encoding needs it.
 *
 * @param skipsMark whether a byte order mark at the start is no part of the first record
 */
record SourceFile(Path path, Encoding encoding, boolean skipsMark) implements Source {

    private static final int GZIP_MAGIC = 0x1f8b;

    // In a CSV file of UTF-8 without a header the mark is read as COPY reads it: a character of the first field.
    static SourceFile csv(Path path, Dialect dialect) {
        Encoding encoding = Encoding.ofCsv(dialect.encoding());
        boolean utf8 = encoding.read().equals(StandardCharsets.UTF_8);
        return new SourceFile(path, encoding, utf8 && (dialect.header() || encoding.isConverted()));
    }

    static SourceFile json(Path path, Dialect dialect) {
        return new SourceFile(path, Encoding.ofJson(dialect.encoding()), true);
    }

    @Override
    public InputStream from(long offset) throws IOException {
        FileChannel channel = FileChannel.open(path);
        try {
            return from(channel, offset);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private InputStream from(FileChannel channel, long offset) throws IOException {
        boolean gzip = isGzip(channel);
        if (!gzip && !encoding.isConverted()) {
            if (offset > channel.size()) {
                throw tooShort(offset);
            }
            return Channels.newInputStream(channel.position(offset));
        }
        InputStream in = Channels.newInputStream(channel.position(0));
        if (gzip) {
            in = new GzipCompressorInputStream(in, true);
        }
        if (encoding.isConverted()) {
            in = new Utf8Conversion(in, encoding.declared());
        }
        try {
            in.skipNBytes(offset);
        } catch (EOFException e) {
            throw tooShort(offset);
        }
        return in;
    }

    private EOFException tooShort(long offset) {
        return new EOFException("%s ends before byte %d, from which reading was to go on".formatted(path, offset));
    }

    // By its first bytes, because names lie.
    private static boolean isGzip(FileChannel channel) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(2);
        while (magic.hasRemaining() && channel.read(magic) >= 0) {
            continue;
        }
        return !magic.hasRemaining() && (magic.getShort(0) & 0xffff) == GZIP_MAGIC;
    }
}
