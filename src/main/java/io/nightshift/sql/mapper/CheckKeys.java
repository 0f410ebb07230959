package io.nightshift.sql.mapper;

import io.nightshift.problem.Problems;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What may not stand in a {@code keys} statement, because the engine wraps it and adds order, limit and lock itself. */
final class CheckKeys {

    private static final Set<String> SET_OPERATORS = Set.of("union", "intersect", "except", "all", "distinct", "(");
    private static final Set<String> CHANGES = Set.of("insert", "update", "delete", "merge");

    private final WrittenStatement statement;
    private final SqlText text;
    private final List<SqlTokens.Token> tokens;
    private final Map<String, SqlTokens.Token> found = new LinkedHashMap<>();

    CheckKeys(WrittenStatement statement) {
        this.statement = statement;
        this.text = statement.sql();
        this.tokens = SqlTokens.code(text.text());
    }

    void check(Problems problems) {
        if (!statement.element().equals("select")) {
            problems.add(
                    statement.where(),
                    "keys must be a <select>, this is <" + statement.element() + ">.",
                    "Name the <select> that returns the keys of the rows to work on.");
            return;
        }
        look();
        found.forEach((what, token) -> problems.add(
                text.placeOf(token.start()).of(statement.id()), "keys may not contain " + what + ".", remedy(what)));
    }

    private static String remedy(String what) {
        return switch (what) {
            case "a locking clause", "SKIP LOCKED" ->
                "Take it out, and write \"lock: true\" in the step: the engine locks one page at a time.";
            case "a statement that changes rows" -> "Keys only say which rows; the change belongs into \"apply\".";
            default -> "Take it out: the engine orders the keys and asks for one page at a time.";
        };
    }

    private void look() {
        // Parentheses around a whole SELECT do not make it any less the outermost one.
        Deque<Boolean> outermost = new ArrayDeque<>(List.of(true));
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is("(")) {
                boolean set = i == 0
                        || SET_OPERATORS.contains(tokens.get(i - 1).text().toLowerCase(Locale.ROOT));
                outermost.push(outermost.element() && set);
            } else if (tokens.get(i).is(")") && outermost.size() > 1) {
                outermost.pop();
            }
            anywhere(i);
            if (outermost.element()) {
                outermost(i);
            }
        }
    }

    private void anywhere(int i) {
        if (follows(i, "for", "update")
                || follows(i, "for", "share")
                || follows(i, "for", "no")
                || follows(i, "for", "key")) {
            found.putIfAbsent("a locking clause", tokens.get(i));
        } else if (follows(i, "skip", "locked")) {
            found.putIfAbsent("SKIP LOCKED", tokens.get(i));
        } else if (follows(i, "(")
                && i + 1 < tokens.size()
                && CHANGES.contains(tokens.get(i + 1).name())) {
            found.putIfAbsent("a statement that changes rows", tokens.get(i + 1));
        }
    }

    private void outermost(int i) {
        if (follows(i, "limit")) {
            found.putIfAbsent("LIMIT", tokens.get(i));
        } else if (follows(i, "offset")) {
            found.putIfAbsent("OFFSET", tokens.get(i));
        } else if (follows(i, "order", "by")) {
            found.putIfAbsent("ORDER BY", tokens.get(i));
        } else if (follows(i, "fetch", "first") || follows(i, "fetch", "next")) {
            found.putIfAbsent("FETCH FIRST", tokens.get(i));
        }
    }

    private boolean follows(int i, String... words) {
        for (int k = 0; k < words.length; k++) {
            if (i + k >= tokens.size() || !tokens.get(i + k).is(words[k])) {
                return false;
            }
        }
        return true;
    }
}
