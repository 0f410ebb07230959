package io.nightshift.sql;

import io.nightshift.problem.Problems;
import io.nightshift.sql.mapper.WrittenStatement;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.ibatis.exceptions.PersistenceException;
import org.apache.ibatis.mapping.SqlSource;

/** One statement of a mapper: what it says, what it needs, and how it becomes SQL with values. Thread-safe. */
public final class Statement {

    /** What the element in the mapper says that the statement does. */
    public enum Kind {
        SELECT,
        INSERT,
        UPDATE,
        DELETE
    }

    private final WrittenStatement written;
    private final SqlSource source;

    Statement(WrittenStatement written, MyBatis myBatis) {
        this.written = written;
        this.source = myBatis.read(written);
    }

    /** Namespace and id: {@code posts.setWordCount}. */
    public String id() {
        return written.id();
    }

    public Kind kind() {
        return Kind.valueOf(written.element().toUpperCase(Locale.ROOT));
    }

    /** For messages: {@code mappers/posts.xml:14 (posts.setWordCount)}. */
    public String where() {
        return written.where();
    }

    /** {@link #where()} with the line of the file that became this line of SQL, as far as it can be told. */
    public String where(String line) {
        return written.whereIs(line).orElseGet(this::where);
    }

    /** The SQL with its includes put in and dynamic elements as they were written: what a run keeps of it. */
    public String text() {
        return written.text();
    }

    /** Names of the values it reads, wherever: {@code minimumLength}, {@code keys}, {@code keys.teamId}. */
    public Set<String> parameters() {
        return written.parameters();
    }

    /** Whether it contains this word or quoted name outside comments and strings. */
    public boolean mentions(String name) {
        return written.mentions(name);
    }

    /** Whether it contains this word as a word of SQL, in whatever case. */
    public boolean mentionsWord(String word) {
        return written.mentionsWord(word);
    }

    /** Whether its rows are chosen by a WHERE. */
    public boolean hasCondition() {
        return written.hasCondition();
    }

    /** Whether a term of the other statement's WHERE stands in this one too. */
    public boolean repeatsConditionOf(Statement keys) {
        return written.repeatsConditionOf(keys.written);
    }

    /** Adds what forbids the use of this statement as the {@code keys} of a step, which the engine pages by itself. */
    public void checkKeys(Problems problems) {
        written.checkKeys(problems);
    }

    /**
     * Decides the dynamic parts and puts each value in its place.
     *
     * @param values at least those named by {@link #parameters()}; NULL is a value without text
     * @throws IllegalArgumentException if one is missing or a test cannot be evaluated with them
     */
    public BoundSql bind(Map<String, SqlValue> values) {
        Set<String> missing = new TreeSet<>(written.parameters());
        missing.removeAll(values.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(where() + ": no value is given for " + String.join(", ", missing));
        }
        try {
            return new BindValues(values, written.loops()).into(source);
        } catch (PersistenceException e) {
            throw new IllegalArgumentException(where() + ": " + e.getMessage(), e);
        }
    }
}
