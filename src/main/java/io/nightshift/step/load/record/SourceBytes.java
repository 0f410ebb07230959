package io.nightshift.step.load.record;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * One record that was kept, without its line end. Its bytes are converted already; where they stood in the file is what
 * the reader is told.
 */
record SourceBytes(byte[] bytes, Encoding encoding) implements Source {

    @Override
    public boolean skipsMark() {
        return false;
    }

    @Override
    public InputStream from(long offset) {
        byte[] line = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = '\n';
        return new ByteArrayInputStream(line);
    }
}
