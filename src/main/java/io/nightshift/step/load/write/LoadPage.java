package io.nightshift.step.load.write;

import io.nightshift.step.load.read.OpenFile;
import io.nightshift.step.load.record.Position;
import io.nightshift.step.load.record.Record;
import java.time.Instant;
import java.util.List;

/**
 * The records one chunk works on: consecutive ones of one file.
 *
 * @param after   the ledger's position behind which they begin
 * @param start   where in the file that is
 * @param records at least one
 */
public record LoadPage(OpenFile file, List<String> after, Position start, List<Record> records, Instant started) {}
