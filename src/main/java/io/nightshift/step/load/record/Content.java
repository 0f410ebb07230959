package io.nightshift.step.load.record;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a record says: fields, members, or nothing that can be read. */
public sealed interface Content {

    /** A CSV record. */
    record Fields(CsvValues csv) implements Content {

        /** One for each field; null where the field means NULL. */
        public List<@Nullable String> values() {
            return csv.texts();
        }
    }

    /**
     * A JSON object.
     *
     * @param values by name, in the order of the line
     */
    record Members(Map<String, JsonValue> values) implements Content {}

    /**
     * A record that cannot be read: a reject.
     *
     * @param message    what is wrong with it
     * @param sqlstate   the code that PostgreSQL gives to this kind of fault
     * @param line       the physical line of the fault, which is not that of the record when it spans several
     * @param byteOffset of the fault in the decompressed file
     */
    record Broken(String message, String sqlstate, long line, long byteOffset) implements Content {}
}
