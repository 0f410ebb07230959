package io.nightshift.step.load.read;

import io.nightshift.chunk.StepWork;
import io.nightshift.step.load.record.Position;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.record.RecordReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.Optional;

/** How many records there may be: the size of the files over that of the first records. */
public final class RecordEstimate {

    private static final int SAMPLE = 500;

    private RecordEstimate() {}

    public static StepWork.Total of(LoadSource source, List<InputFile> files) throws IOException {
        long bytes = 0;
        Optional<InputFile> first = Optional.empty();
        for (InputFile file : files) {
            if (!file.skipped()) {
                bytes += plainSize(file);
                first = first.or(() -> Optional.of(file));
            }
        }
        if (first.isEmpty()) {
            return new StepWork.Total(0, false);
        }
        return sample(source, first.get(), bytes);
    }

    private static StepWork.Total sample(LoadSource source, InputFile file, long bytes) throws IOException {
        try (RecordReader reader = source.reader(file, Position.START)) {
            long records = 0;
            long end = 0;
            for (Record record = reader.next(); record != null && records < SAMPLE; record = reader.next()) {
                records++;
                end = record.end();
            }
            return end == 0
                    ? new StepWork.Total(0, true)
                    : new StepWork.Total(Math.max(records, bytes * records / end), true);
        }
    }

    /** A compressed file ends with the size it had before, as far as four bytes can tell. */
    private static long plainSize(InputFile file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.path().toFile(), "r")) {
            boolean gzip = bytes.length() > 18 && bytes.readUnsignedShort() == 0x1f8b;
            if (!gzip) {
                return bytes.length();
            }
            bytes.seek(bytes.length() - 4);
            long size = Integer.toUnsignedLong(Integer.reverseBytes(bytes.readInt()));
            return Math.max(size, bytes.length());
        }
    }
}
