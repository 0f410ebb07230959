package io.nightshift.sql.mapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits SQL just far enough to tell code from comments and quotes, by PostgreSQL's rules. It knows no grammar: what a
 * statement means is PostgreSQL's affair.
 */
final class SqlTokens {

    enum Kind {
        WORD,
        QUOTED_NAME,
        STRING,
        COMMENT,
        SYMBOL
    }

    /**
     * One token.
     *
     * @param start  offset of its first character
     * @param closed false for a comment or quote that is never ended
     */
    record Token(Kind kind, String text, int start, boolean closed) {

        boolean is(String word) {
            return text.equalsIgnoreCase(word) && (kind == Kind.WORD || kind == Kind.SYMBOL);
        }

        boolean isName() {
            return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
        }

        /** The name that a word or quoted name stands for. */
        String name() {
            return kind == Kind.QUOTED_NAME
                    ? text.substring(1, Math.max(1, text.length() - 1)).replace("\"\"", "\"")
                    : text.toLowerCase(Locale.ROOT);
        }
    }

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    private SqlTokens(String sql) {
        this.sql = sql;
    }

    /** Everything but white space. */
    static List<Token> all(String sql) {
        SqlTokens reader = new SqlTokens(sql);
        while (reader.position < sql.length()) {
            reader.next();
        }
        return reader.tokens;
    }

    /** Everything but white space and comments. */
    static List<Token> code(String sql) {
        return all(sql).stream().filter(token -> token.kind() != Kind.COMMENT).toList();
    }

    private void next() {
        char c = sql.charAt(position);
        if (Character.isWhitespace(c)) {
            position++;
        } else if (sql.startsWith("--", position)) {
            int end = sql.indexOf('\n', position);
            add(Kind.COMMENT, end < 0 ? sql.length() : end, true);
        } else if (sql.startsWith("/*", position)) {
            comment();
        } else if (c == '\'') {
            quoted(Kind.STRING, position, '\'', escapes());
        } else if (c == '"') {
            quoted(Kind.QUOTED_NAME, position, '"', false);
        } else if (c == '$' && dollarTag() > 0) {
            dollarQuoted(dollarTag());
        } else if (startsWord(c)) {
            add(Kind.WORD, endOfWord(), true);
        } else {
            add(Kind.SYMBOL, position + 1, true);
        }
    }

    private void comment() {
        int depth = 0;
        int at = position;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
        add(Kind.COMMENT, Math.min(at, sql.length()), depth == 0);
    }

    /** A string right behind the word E has backslash escapes. */
    private boolean escapes() {
        if (tokens.isEmpty()) {
            return false;
        }
        Token before = tokens.get(tokens.size() - 1);
        return before.is("E") && before.start() + 1 == position;
    }

    private void quoted(Kind kind, int from, char quote, boolean backslashes) {
        int at = from + 1;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            boolean doubled = c == quote && at + 1 < sql.length() && sql.charAt(at + 1) == quote;
            if (doubled || (backslashes && c == '\\')) {
                at += 2;
            } else if (c == quote) {
                add(kind, at + 1, true);
                return;
            } else {
                at++;
            }
        }
        add(kind, sql.length(), false);
    }

    /** Length of a tag such as $$ or $body$ at the current position, or 0. */
    private int dollarTag() {
        int at = position + 1;
        while (at < sql.length() && (startsWord(sql.charAt(at)) || (at > position + 1 && isDigit(sql.charAt(at))))) {
            at++;
        }
        return at < sql.length() && sql.charAt(at) == '$' ? at + 1 - position : 0;
    }

    private void dollarQuoted(int tagLength) {
        String tag = sql.substring(position, position + tagLength);
        int end = sql.indexOf(tag, position + tagLength);
        add(Kind.STRING, end < 0 ? sql.length() : end + tagLength, end >= 0);
    }

    private int endOfWord() {
        int at = position;
        while (at < sql.length()
                && (startsWord(sql.charAt(at))
                        || isDigit(sql.charAt(at))
                        || (at > position && sql.charAt(at) == '$'))) {
            at++;
        }
        return at;
    }

    private static boolean startsWord(char c) {
        return Character.isLetter(c) || c == '_' || c > 127;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void add(Kind kind, int end, boolean closed) {
        tokens.add(new Token(kind, sql.substring(position, end), position, closed));
        position = end;
    }
}
