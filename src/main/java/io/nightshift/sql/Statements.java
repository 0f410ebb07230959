package io.nightshift.sql;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.Problems;
import io.nightshift.sql.mapper.WrittenStatements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All statements of a home, by id. */
public final class Statements {

    private final Map<String, Statement> sound = new TreeMap<>();
    private final Set<String> ids;
    private final WrittenStatements written;

    private Statements(WrittenStatements written) {
        this.ids = new TreeSet<>(written.ids());
        this.written = written;
        MyBatis myBatis = new MyBatis();
        written.sound().forEach((id, statement) -> sound.put(id, new Statement(statement, myBatis)));
    }

    /** Reads all mappers; adds every problem that they have and throws for none of them. */
    public static Statements read(List<ContentFile> mappers, Problems problems) {
        return new Statements(WrittenStatements.read(mappers, problems));
    }

    /** The statement of this id, unless it is unknown or has problems. */
    public Optional<Statement> find(String id) {
        return Optional.ofNullable(sound.get(id));
    }

    /**
     * Whether there is such a statement, or may be one in a mapper that could not be read to its end, but with problems
     * that have been told already.
     */
    public boolean isBroken(String id) {
        return !sound.containsKey(id) && (ids.contains(id) || written.mayHave(id));
    }

    /** The ids of all statements, those with problems too. */
    public Set<String> ids() {
        return ids;
    }

    /**
     * The statement of an id that has been checked.
     *
     * @throws IllegalArgumentException if there is none, which a check would have told
     */
    public Statement get(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException(
                "there is no statement \"" + id + "\", and no check has told. This is a bug in Nightshift."));
    }
}
