package io.nightshift.step.load.record;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of one file, one after the other, in the order of the file. For one thread. */
public interface RecordReader extends Closeable {

    /** The field names that a CSV file's header gives; empty without a header, and for JSONL. */
    List<String> header();

    /** The next record, broken ones included; null behind the last. Fails only when the file itself cannot be read. */
    @Nullable
    Record next() throws IOException;
}
