package io.nightshift.step.load.read;

import io.nightshift.step.load.record.Content;
import io.nightshift.step.load.record.CopyText;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.table.KeyColumn;
import io.nightshift.step.load.table.Mapping;
import io.nightshift.step.load.table.RowText;
import io.nightshift.step.load.table.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Deals by a hash of the merge key. Texts that mean the same value have the same hash; what cannot be a value goes
 * anywhere, since it will be a reject.
 */
public final class KeyDealer implements Dealing.Dealer {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long NO_KEY = 0;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final List<KeyColumn> key;
    private final Mapping mapping;
    private final int[] fields;
    private final int pieces;
    private final CopyText text = new CopyText();
    private final RowText members;

    public KeyDealer(List<KeyColumn> key, Mapping mapping, int pieces) {
        this.key = key;
        this.mapping = mapping;
        this.pieces = pieces;
        this.fields = key.stream().mapToInt(column -> field(column.name())).toArray();
        this.members = new RowText(mapping, true);
    }

    /** The field of a file that goes into the column; -1 when none does, and the key is NULL in all its records. */
    private int field(String column) {
        List<Optional<Target.Column>> columns = List.copyOf(mapping.fields().values());
        return IntStream.range(0, columns.size())
                .filter(i ->
                        columns.get(i).filter(to -> to.name().equals(column)).isPresent())
                .findFirst()
                .orElse(-1);
    }

    @Override
    public int piece(Record record) {
        long hash = hash(record);
        // The low bits of this hash alone are poor.
        return hash == NO_KEY ? 1 : (int) Math.floorMod(hash ^ hash >>> 32, (long) pieces) + 1;
    }

    /** The same for every text of one value; that of a record that has no key is the same for all such. */
    public long hash(Record record) {
        if (!encode(record)) {
            return NO_KEY;
        }
        long hash = FNV_OFFSET;
        for (int i = 0; i < key.size(); i++) {
            hash = add(hash, key.get(i).kind(), text.offset(i), text.offset(i + 1) - 1);
            hash = (hash ^ 0xff) * FNV_PRIME;
        }
        return hash;
    }

    /** Writes each column of the key as a row of its own; false when the record is none that has a key. */
    private boolean encode(Record record) {
        text.clear();
        if (record.content() instanceof Content.Fields csv) {
            for (int field : fields) {
                if (field < 0) {
                    text.value(null);
                } else {
                    csv.csv().append(field, text);
                }
                text.endRow();
            }
            return true;
        }
        RowText.Row row = members.of(record);
        if (row.fault().isPresent()) {
            return false;
        }
        List<String> names = mapping.names();
        for (KeyColumn column : key) {
            int index = names.indexOf(column.name());
            text.value(index < 0 ? null : row.values().get(index));
            text.endRow();
        }
        return true;
    }

    private long add(long hash, KeyColumn.Kind kind, int from, int to) {
        return switch (kind) {
            case INTEGER -> number(hash, from, to);
            case UUID -> uuid(hash, from, to);
            case TEXT -> text(hash, from, to);
        };
    }

    /** Short plain numbers without detour; whatever else PostgreSQL may read as a number, more slowly. */
    private long number(long hash, int from, int to) {
        byte[] bytes = text.bytes();
        boolean negative = from < to && bytes[from] == '-';
        int start = negative ? from + 1 : from;
        boolean plain = start < to && to - start <= 18 && (bytes[start] != '0' || to - start == 1 && !negative);
        long value = 0;
        for (int i = start; i < to && plain; i++) {
            plain = bytes[i] >= '0' && bytes[i] <= '9';
            value = 10 * value + bytes[i] - '0';
        }
        long number = plain ? negative ? -value : value : WholeNumber.of(string(from, to));
        return (Long.rotateLeft(hash, 31) ^ number) * FNV_PRIME;
    }

    private String string(int from, int to) {
        return new String(text.bytes(), from, to - from, StandardCharsets.UTF_8);
    }

    private long uuid(long hash, int from, int to) {
        byte[] bytes = text.bytes();
        long all = hash;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b != '-' && b != '{' && b != '}') {
                all = (all ^ (b >= 'A' && b <= 'F' ? b + 32 : b)) * FNV_PRIME;
            }
        }
        return all;
    }

    private long text(long hash, int from, int to) {
        byte[] bytes = text.bytes();
        int end = to;
        while (end > from && bytes[end - 1] == ' ') {
            end--;
        }
        long all = hash;
        for (int i = from; i < end; i++) {
            all = (all ^ bytes[i]) * FNV_PRIME;
        }
        return all;
    }
}
