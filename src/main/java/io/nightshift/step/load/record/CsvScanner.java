package io.nightshift.step.load.record;

import io.nightshift.job.Dialect;
import java.io.IOException;

/**
 * Finds the end of a CSV record and of its fields, byte by byte. Records end at LF, CR or CRLF outside quotes, mixed as
 * the file likes; a quote opens and closes anywhere in a field, and two inside are one.
 */
final class CsvScanner {

    private static final int NUL = 0;
    private static final int LF = '\n';
    private static final int CR = '\r';
    private static final int TAB = '\t';
    private static final int BACKSLASH = '\\';
    private static final int END = -1;
    private static final int NO_QUOTE = -2;

    private final RecordBuffer buffer;
    private final CsvFields fields;
    private final int delimiter;
    private final int quote;
    private final boolean[] outside = new boolean[256];
    private final boolean[] inside = new boolean[256];
    // In a file whose first record ends so, a CR alone ends a line inside quotes too; in others it is just text.
    private final boolean loneReturnsEndLines;

    private long length;
    private long lines;
    private long nul;
    private long linesBeforeQuote;
    private long quoteOffset;
    private boolean unterminated;
    private boolean loneReturn;

    CsvScanner(RecordBuffer buffer, CsvFields fields, Dialect dialect, boolean loneReturnsEndLines) {
        this.buffer = buffer;
        this.fields = fields;
        this.loneReturnsEndLines = loneReturnsEndLines;
        this.delimiter = dialect.delimiter();
        this.quote = dialect.quote() == 0 ? NO_QUOTE : dialect.quote();
        for (int stop : new int[] {NUL, LF, CR, TAB, BACKSLASH}) {
            outside[stop] = true;
            inside[stop] = true;
        }
        outside[delimiter] = true;
        if (quote != NO_QUOTE) {
            outside[quote] = true;
            inside[quote] = true;
        }
    }

    /** Moves behind the next record; false when there is none. */
    boolean scan() throws IOException {
        fields.clear();
        lines = 0;
        nul = -1;
        unterminated = false;
        if (!buffer.begin()) {
            return false;
        }
        while (true) {
            int b = buffer.next(outside);
            if (b == delimiter) {
                fields.end(buffer.length() - 1);
            } else if (b == quote) {
                unterminated = !passQuoted();
                if (unterminated) {
                    end(END);
                    return true;
                }
            } else if (b == TAB || b == BACKSLASH) {
                fields.noteSpecial();
            } else if (b == NUL) {
                noteNul();
            } else {
                end(b);
                return true;
            }
        }
    }

    private boolean passQuoted() throws IOException {
        linesBeforeQuote = lines;
        quoteOffset = buffer.offset() - 1;
        fields.countQuotes(1);
        while (true) {
            int b = buffer.next(inside);
            if (b == quote) {
                if (!buffer.skipIf(quote)) {
                    fields.countQuotes(1);
                    return true;
                }
                fields.countQuotes(2);
            } else if (b == LF) {
                fields.noteSpecial();
                lines++;
            } else if (b == TAB || b == BACKSLASH) {
                fields.noteSpecial();
            } else if (b == CR) {
                fields.noteSpecial();
                // Before an LF it is that line end's; alone it is one only in a file of such lines.
                lines += loneReturnsEndLines && !buffer.nextIs(LF) ? 1 : 0;
            } else if (b == NUL) {
                noteNul();
            } else {
                return false;
            }
        }
    }

    private void end(int lineEnd) throws IOException {
        length = buffer.length() - (lineEnd == END ? 0 : 1);
        fields.end(length);
        lines += lineEnd == END ? 0 : 1;
        loneReturn = lineEnd == CR && !buffer.skipIf(LF);
    }

    private void noteNul() {
        nul = nul < 0 ? buffer.length() - 1 : nul;
    }

    /** Whether the record ended with a CR and nothing else. */
    boolean endedWithLoneReturn() {
        return loneReturn;
    }

    /** The record's bytes, its line end not counted. */
    long length() {
        return length;
    }

    /** The line ends that the record has, its own included. */
    long lines() {
        return lines;
    }

    /** The lines of the record before its byte of this index. */
    long linesBefore(int index) {
        byte[] bytes = buffer.bytes();
        int start = buffer.start();
        long before = 0;
        for (int i = start; i < start + index; i++) {
            if (bytes[i] == LF || bytes[i] == CR && loneReturnsEndLines && bytes[i + 1] != LF) {
                before++;
            }
        }
        return before;
    }

    /** The index of the record's first NUL byte, or -1. */
    long nul() {
        return nul;
    }

    /** Whether the file ended inside quotes. */
    boolean isUnterminated() {
        return unterminated;
    }

    /** The lines of the record before its last quote was opened. */
    long linesBeforeQuote() {
        return linesBeforeQuote;
    }

    /** Where its last quote was opened. */
    long quoteOffset() {
        return quoteOffset;
    }
}
