package io.nightshift.sql.mapper;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The outermost WHERE of a statement, as the terms that AND holds together. Terms are compared word by word, without
 * the names of tables in front of columns: the same condition reads {@code u.deleted_at} here and {@code deleted_at}
 * there.
 */
record Condition(List<String> terms) {

    static Condition of(String sql) {
        List<SqlTokens.Token> tokens = SqlTokens.code(sql);
        List<String> terms = new ArrayList<>();
        List<SqlTokens.Token> term = new ArrayList<>();
        boolean inside = false;
        boolean between = false;
        int depth = 0;
        for (SqlTokens.Token token : tokens) {
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            boolean outermost = depth == 0;
            if (outermost && token.is("where")) {
                inside = true;
            } else if (outermost && inside && (token.is("group") || token.is("having") || token.is("union"))) {
                break;
            } else if (outermost && inside && token.is("and") && !between) {
                terms.add(words(term));
                term.clear();
            } else if (inside) {
                between = outermost && token.is("between") || between && !(outermost && token.is("and"));
                term.add(token);
            }
        }
        terms.add(words(term));
        return new Condition(terms.stream().filter(text -> !text.isEmpty()).toList());
    }

    /** Whether one of the terms stands somewhere in this statement too. */
    boolean standsIn(String sql) {
        String words = " " + words(SqlTokens.code(sql)) + " ";
        return terms.stream().anyMatch(term -> words.contains(" " + term + " "));
    }

    private static String words(List<SqlTokens.Token> tokens) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            boolean qualifier = i + 1 < tokens.size()
                    && tokens.get(i + 1).is(".")
                    && tokens.get(i).kind() != SqlTokens.Kind.STRING;
            boolean dot = i > 0 && tokens.get(i).is(".");
            if (!qualifier && !dot) {
                SqlTokens.Token token = tokens.get(i);
                words.add(token.kind() == SqlTokens.Kind.STRING ? token.text() : token.name());
            }
        }
        return words.stream().collect(Collectors.joining(" "));
    }
}
