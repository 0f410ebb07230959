package io.nightshift.sql.mapper;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The condition of an {@code <if>}: names, literals, comparisons, and, or, not, parentheses. MyBatis would evaluate far
 * more (OGNL calls static Java methods), so whatever does not fit this grammar is refused before MyBatis sees it.
 */
final class TestExpression {

    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(?<name>" + Names.PATTERN + ")|(?<number>-?\\d+(?:\\.\\d+)?)"
                    + "|(?<string>\"[^\"\\\\]*\"|'[^'\\\\]*')|(?<symbol>==|!=|<=|>=|<|>|&&|\\|\\||!|\\(|\\)))\\s*");
    private static final Set<String> COMPARISONS =
            Set.of("==", "!=", "<=", ">=", "<", ">", "eq", "neq", "lt", "lte", "gt", "gte");
    private static final Set<String> LITERALS = Set.of("null", "true", "false");
    private static final Set<String> RESERVED =
            Set.of("and", "or", "not", "in", "new", "instanceof", "shl", "shr", "ushr", "band", "bor", "xor");

    private final List<String> tokens = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private int next;

    private TestExpression() {}

    /**
     * The names that a condition reads.
     *
     * @throws IllegalArgumentException saying which part is not allowed
     */
    static Set<String> names(String expression) {
        TestExpression test = new TestExpression();
        test.split(expression);
        test.alternatives();
        if (test.next < test.tokens.size()) {
            throw new IllegalArgumentException("\"" + test.tokens.get(test.next) + "\" is not expected there");
        }
        return test.names;
    }

    private void split(String expression) {
        Matcher matcher = TOKEN.matcher(expression);
        int from = 0;
        while (from < expression.length()) {
            matcher.region(from, expression.length());
            if (!matcher.lookingAt()) {
                throw new IllegalArgumentException(
                        "\"" + expression.substring(from).strip() + "\" is not understood");
            }
            tokens.add(matcher.group().strip());
            from = matcher.end();
        }
    }

    private void alternatives() {
        do {
            conditions();
        } while (accept("or") || accept("||"));
    }

    private void conditions() {
        do {
            condition();
        } while (accept("and") || accept("&&"));
    }

    private void condition() {
        if (accept("not") || accept("!")) {
            condition();
        } else if (accept("(")) {
            alternatives();
            if (!accept(")")) {
                throw new IllegalArgumentException("a closing parenthesis is missing");
            }
        } else {
            operand();
            if (next < tokens.size() && COMPARISONS.contains(tokens.get(next))) {
                next++;
                operand();
            }
        }
    }

    private void operand() {
        if (next == tokens.size()) {
            throw new IllegalArgumentException("it ends where a name or a value is expected");
        }
        String token = tokens.get(next++);
        boolean word = Character.isLetter(token.charAt(0));
        if (token.matches("'.'")) {
            // OGNL takes 'a' for a character, which never equals the text "a".
            throw new IllegalArgumentException(token + " is one character in single quotes: put it into double quotes");
        }
        if (RESERVED.contains(token) || COMPARISONS.contains(token) || "()!&&||".contains(token)) {
            throw new IllegalArgumentException("\"" + token + "\" stands where a name or a value is expected");
        }
        if (word && !LITERALS.contains(token)) {
            names.add(token);
        }
    }

    private boolean accept(String token) {
        boolean found = next < tokens.size() && tokens.get(next).equals(token);
        next += found ? 1 : 0;
        return found;
    }
}
