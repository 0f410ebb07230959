package io.nightshift.sql.mapper;

import io.nightshift.problem.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules of one whole statement, its fragments put in: it is one, it has its tag, it does what its element says. */
final class CheckStatement {

    private static final Set<String> READS = Set.of("select", "values", "table");
    private static final Set<String> CHANGES = Set.of("insert", "update", "delete");
    private static final Set<String> SESSION = Set.of(
            "begin",
            "start",
            "commit",
            "end",
            "rollback",
            "abort",
            "savepoint",
            "release",
            "prepare",
            "set",
            "reset",
            "discard",
            "listen",
            "unlisten");

    private final String id;
    private final String element;
    private final Place place;
    private final SqlText text;
    private final List<SqlTokens.Token> tokens;
    private final List<SqlTokens.Token> code;
    private final Collection<Problem> problems;

    private CheckStatement(
            String id, MapperNode.Element element, List<MapperNode> nodes, Collection<Problem> problems) {
        this.id = id;
        this.element = element.name();
        this.place = element.place();
        this.text = new SqlText(nodes);
        this.tokens = SqlTokens.all(text.text());
        this.code = tokens.stream()
                .filter(token -> token.kind() != SqlTokens.Kind.COMMENT)
                .toList();
        this.problems = problems;
    }

    /** Adds what is wrong with a statement whose elements are as they may be. */
    static void check(String id, MapperNode.Element element, List<MapperNode> nodes, Collection<Problem> problems) {
        CheckStatement check = new CheckStatement(id, element, nodes, problems);
        if (check.code.isEmpty()) {
            check.add(element.place(), "the statement is empty.", "Write its SQL, or take the element out.");
            return;
        }
        check.tag(nodes);
        check.quotes();
        check.oneStatement();
        check.questionMarks();
        check.firstWord();
        check.names(nodes);
    }

    private void tag(List<MapperNode> nodes) {
        String tag = "/* nightshift: " + id + " */";
        boolean there = nodes.get(0) instanceof MapperNode.Text first
                && first.text().strip().lines().findFirst().orElse("").strip().equals(tag);
        if (!there) {
            add(
                    place,
                    "the first line is not its tag, by which it is known in pg_stat_activity.",
                    "Begin it with the line " + tag);
        }
    }

    private void quotes() {
        for (SqlTokens.Token token : tokens) {
            if (!token.closed()) {
                add(at(token), "a quote or comment begins here and never ends.", "Close it.");
            }
            boolean quoted = token.kind() != SqlTokens.Kind.WORD && token.kind() != SqlTokens.Kind.SYMBOL;
            if (quoted && token.text().contains("#{")) {
                add(
                        at(token),
                        "#{} stands inside a quote or comment.",
                        "Take the quotes away: #{name} is a value already.");
            }
        }
    }

    private void oneStatement() {
        for (int i = 0; i < code.size(); i++) {
            if (code.get(i).is(";")) {
                boolean last = code.subList(i, code.size()).stream().allMatch(token -> token.is(";"));
                add(
                        at(code.get(i)),
                        last ? "the statement ends with a semicolon." : "there are several statements in one.",
                        last ? "Take it out." : "Write one element for each statement, and name them all in the step.");
                return;
            }
        }
    }

    /** The driver takes a question mark for a value, two for the operator. */
    private void questionMarks() {
        int run = 0;
        for (int i = 0; i < code.size(); i++) {
            run = code.get(i).is("?") ? run + 1 : 0;
            boolean ends = i + 1 == code.size() || !code.get(i + 1).is("?");
            if (ends && run % 2 == 1) {
                add(
                        at(code.get(i)),
                        "a question mark stands for a value without a name.",
                        "For a value write #{name}, for the operator of jsonb write ??");
                return;
            }
        }
    }

    private void firstWord() {
        String word = code.stream()
                .filter(token -> !token.is("("))
                .findFirst()
                .map(SqlTokens.Token::name)
                .orElse("");
        if (SESSION.contains(word)) {
            add(
                    place,
                    word.toUpperCase(Locale.ROOT)
                            + " would change the transaction or session, which belong to the engine.",
                    "Take it out: each chunk is one transaction; time-outs are set in the step.");
        } else if (CHANGES.contains(word) && !word.equals(element)) {
            misnamed(word, word);
        } else if (READS.contains(word) && !element.equals("select")) {
            misnamed(word, "select");
        } else if (element.equals("select") && !READS.contains(word) && !word.equals("with")) {
            misnamed(word, "update");
        }
    }

    private void misnamed(String word, String right) {
        add(
                place,
                "<" + element + "> contains " + word.toUpperCase(Locale.ROOT) + ".",
                "Write <" + right + " id=\"" + id.substring(id.lastIndexOf('.') + 1) + "\">.");
    }

    private void names(List<MapperNode> nodes) {
        try {
            new UsedNames(nodes);
        } catch (IllegalArgumentException e) {
            add(place, e.getMessage() + ".", "Give each item a name of its own, and use it as #{item}.");
        }
    }

    private Place at(SqlTokens.Token token) {
        return text.placeOf(token.start());
    }

    private void add(Place where, String what, String fix) {
        problems.add(new Problem(where.of(id), what, fix));
    }
}
