package io.nightshift.job;

import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the bytes of a loaded file are to be read.
 *
 * @param format         CSV or JSONL
 * @param header         whether the first record of a CSV file names its fields
 * @param delimiter      one ASCII character
 * @param quote          one ASCII character, or {@code '\0'} for files without quoting
 * @param nullText       the unquoted field text that means NULL (a quoted one never does)
 * @param encoding       of the file
 * @param zone           in which times without a zone are read
 * @param maxRecordBytes longest record; a longer one is a reject
 */
public record Dialect(
        Format format,
        boolean header,
        char delimiter,
        char quote,
        String nullText,
        Charset encoding,
        ZoneId zone,
        int maxRecordBytes) {

    /** The same with another format. */
    public Dialect with(Format other) {
        return new Dialect(other, header, delimiter, quote, nullText, encoding, zone, maxRecordBytes);
    }

    /** What a line of the file is. */
    public enum Format {
        CSV,
        JSONL;

        private static final Pattern ENDING =
                Pattern.compile(".*\\.(?:(csv|tsv|txt)|(jsonl|ndjson|json))(?:\\.gz)?\\*?", Pattern.CASE_INSENSITIVE);

        /** What the ending of a file's name says; a compressed file's is the one before {@code .gz}. */
        public static Optional<Format> byEnding(String fileName) {
            Matcher ending = ENDING.matcher(fileName);
            return ending.matches() ? Optional.of(ending.group(1) == null ? JSONL : CSV) : Optional.empty();
        }
    }
}
