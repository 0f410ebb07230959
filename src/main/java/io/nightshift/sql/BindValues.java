package io.nightshift.sql;

import io.nightshift.sql.mapper.WrittenStatement;
import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.ibatis.mapping.ParameterMapping;
import org.apache.ibatis.mapping.SqlSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets MyBatis decide the dynamic parts of a statement and finds, for each question mark that it leaves, the value in
 * PostgreSQL's text. MyBatis sees Java values only to test them; none of them reaches the database.
 */
final class BindValues {

    private static final String ELEMENT = "__frch_";
    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8", "smallint", "integer", "bigint", "oid");
    private static final Set<String> DECIMALS =
            Set.of("numeric", "decimal", "float4", "float8", "real", "double precision");
    private static final Set<String> BOOLEANS = Set.of("bool", "boolean");

    private final Map<String, SqlValue> values;
    private final Map<String, WrittenStatement.Loop> loops;
    private final Map<String, List<@Nullable String>> lists = new HashMap<>();

    BindValues(Map<String, SqlValue> values, Map<String, WrittenStatement.Loop> loops) {
        this.values = values;
        this.loops = loops;
    }

    BoundSql into(SqlSource source) {
        org.apache.ibatis.mapping.BoundSql bound = source.getBoundSql(forTests());
        List<SqlValue> resolved = bound.getParameterMappings().stream()
                .map(ParameterMapping::getProperty)
                .map(property -> property.startsWith(ELEMENT) ? element(property, bound) : value(property))
                .toList();
        return new BoundSql(bound.getSql(), resolved);
    }

    private Map<String, Object> forTests() {
        Map<String, Object> parameters = new HashMap<>();
        values.forEach((name, value) -> put(parameters, name, javaValue(name, value)));
        return parameters;
    }

    /** A name with a dot is a value inside another to OGNL. */
    private static void put(Map<String, Object> parameters, String name, @Nullable Object value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            parameters.putIfAbsent(name, value);
            return;
        }
        Map<String, Object> parts = new HashMap<>();
        if (parameters.get(name.substring(0, dot)) instanceof Map<?, ?> known) {
            known.forEach((part, known1) -> parts.put((String) part, known1));
        }
        parts.put(name.substring(dot + 1), value);
        parameters.put(name.substring(0, dot), parts);
    }

    private @Nullable Object javaValue(String name, SqlValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        return value.elementType()
                .<Object>map(type -> new Elements(name, type))
                .orElseGet(() -> javaValue(value.type(), text));
    }

    private static @Nullable Object javaValue(String type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            if (INTEGERS.contains(type)) {
                return Long.valueOf(text.strip());
            }
            if (DECIMALS.contains(type)) {
                return new BigDecimal(text.strip());
            }
        } catch (NumberFormatException notFinite) {
            return text;
        }
        return BOOLEANS.contains(type) ? Boolean.valueOf(text.startsWith("t")) : text;
    }

    /** An array as tests and loops see it. Most never look inside, and a page of keys is long. */
    private final class Elements extends AbstractList<@Nullable Object> {
        private final String name;
        private final String type;

        Elements(String name, String type) {
            this.name = name;
            this.type = type;
        }

        @Override
        public @Nullable Object get(int index) {
            return javaValue(type, list(name).get(index));
        }

        @Override
        public int size() {
            return list(name).size();
        }
    }

    private List<@Nullable String> list(String name) {
        return lists.computeIfAbsent(
                name, key -> ArrayLiteral.elements(String.valueOf(value(key).text())));
    }

    private SqlValue value(String name) {
        SqlValue value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no value is given for \"" + name + "\"");
        }
        return value;
    }

    /** MyBatis calls the third element {@code __frch_item_2}, and its position {@code __frch_index_2}. */
    private SqlValue element(String property, org.apache.ibatis.mapping.BoundSql bound) {
        int number = property.lastIndexOf('_');
        WrittenStatement.Loop loop = loops.get(property.substring(ELEMENT.length(), number));
        if (loop == null) {
            return new SqlValue("int8", String.valueOf(bound.getAdditionalParameter(property)));
        }
        int index = (Integer) bound.getAdditionalParameter(ELEMENT + loop.index() + property.substring(number));
        SqlValue array = value(loop.collection());
        return new SqlValue(
                array.elementType().orElse(array.type()),
                list(loop.collection()).get(index));
    }
}
