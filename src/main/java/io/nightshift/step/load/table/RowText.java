package io.nightshift.step.load.table;

import io.nightshift.chunk.Reject;
import io.nightshift.step.load.record.Content;
import io.nightshift.step.load.record.JsonArrayLiteral;
import io.nightshift.step.load.record.JsonValue;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.record.StorableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns records into rows of texts for PostgreSQL, or says why one cannot be a row. Changes no value. */
public final class RowText {

    private final Mapping mapping;
    private final boolean ignoreExtra;

    public RowText(Mapping mapping, boolean ignoreExtra) {
        this.mapping = mapping;
        this.ignoreExtra = ignoreExtra;
    }

    /**
     * @param values one per column of the mapping; empty when the record is refused
     * @param fault  why it is refused
     */
    public record Row(List<@Nullable String> values, Optional<Reject.Cause> fault) {}

    public Row of(Record record) {
        if (record.content() instanceof Content.Fields fields) {
            return fields(fields);
        }
        if (record.content() instanceof Content.Members members) {
            return mapping.columns().isEmpty()
                    ? refused("42703", "it has no member that the table has a column for")
                    : members(members.values());
        }
        Content.Broken broken = (Content.Broken) record.content();
        return refused(broken.sqlstate(), withPlace(broken, record));
    }

    /** The record's own offset is in the reject; a fault inside it is named unless the reader has named it. */
    private static String withPlace(Content.Broken broken, Record record) {
        boolean known = broken.byteOffset() == record.offset()
                || broken.message().contains("byte offset " + broken.byteOffset());
        return known ? broken.message() : broken.message() + " (byte offset " + broken.byteOffset() + ")";
    }

    private Row fields(Content.Fields record) {
        List<@Nullable String> all = record.values();
        List<@Nullable String> values = new ArrayList<>(mapping.columns().size());
        for (int field : mapping.positions()) {
            values.add(all.get(field));
        }
        return new Row(values, Optional.empty());
    }

    private Row members(Map<String, JsonValue> members) {
        for (String name : members.keySet()) {
            if (!ignoreExtra
                    && mapping.fields().getOrDefault(name, Optional.empty()).isEmpty()) {
                return refused("42703", "the member \"" + name + "\" has no column");
            }
        }
        List<@Nullable String> values = new ArrayList<>(mapping.columns().size());
        for (Map.Entry<String, Optional<Target.Column>> field : mapping.fields().entrySet()) {
            if (field.getValue().isEmpty()) {
                continue;
            }
            JsonValue value = members.get(field.getKey());
            if (value == null) {
                values.add(null);
                continue;
            }
            Target.Column column = field.getValue().get();
            if (value.kind() == JsonValue.Kind.NULL && !column.json()) {
                values.add(null);
                continue;
            }
            StorableText text = text(value, column);
            if (!text.storable()) {
                return refused(StorableText.SQLSTATE, "the member \"" + field.getKey() + "\" " + text.fault());
            }
            values.add(text.value());
        }
        return new Row(values, Optional.empty());
    }

    private static StorableText text(JsonValue value, Target.Column column) {
        if (column.json()) {
            return new StorableText(value.raw(), "");
        }
        return column.array() && value.kind() == JsonValue.Kind.ARRAY ? JsonArrayLiteral.of(value.raw()) : value.text();
    }

    private static Row refused(String sqlstate, String message) {
        return new Row(
                List.of(),
                Optional.of(new Reject.Cause(sqlstate, Optional.empty(), Optional.empty(), message, Optional.empty())));
    }
}
