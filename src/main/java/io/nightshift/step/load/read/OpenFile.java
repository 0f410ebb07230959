package io.nightshift.step.load.read;

import io.nightshift.step.load.record.RecordReader;
import io.nightshift.step.load.table.Mapping;
import java.io.Closeable;
import java.io.IOException;

/** A file that is being read, with the way of its fields into the table. */
public record OpenFile(InputFile input, Mapping mapping, RecordReader reader) implements Closeable {

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
