package io.nightshift.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** The names that would have been right, and which of them somebody probably meant. */
public record Choices(Collection<String> names) {

    /** More than this nobody reads through at night. */
    private static final int MOST = 20;

    public Choices {
        names = new TreeSet<>(names);
    }

    /** The nearest name, if one is near enough to be a slip of the fingers. */
    public Optional<String> nearest(String word) {
        int limit = Math.max(2, word.length() / 3);
        return names.stream()
                .filter(name -> distance(word, name) <= limit)
                .min(Comparator.comparingInt(name -> distance(word, name)));
    }

    /** {@code Did you mean "load"?} where a name is near, else the whole list, or of a long one the most alike. */
    public String advice(String word) {
        return nearest(word)
                .map(name -> "Did you mean \"" + name + "\"?")
                .orElseGet(() -> names.isEmpty() ? "There is none." : known(word));
    }

    private String known(String word) {
        if (names.size() <= MOST) {
            return "Known are: " + String.join(", ", names) + ".";
        }
        List<String> alike = names.stream()
                .sorted(Comparator.comparingInt((String name) -> distance(word, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .sorted()
                .toList();
        return "Known are " + names.size() + ", among them: " + String.join(", ", alike) + ".";
    }

    /** Edits between two words, a swap of neighbours counting as one; case does not count. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 ? j : j == 0 ? i : cheapest(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int cheapest(int[][] edits, String a, String b, int i, int j) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(edits[i - 1][j], edits[i][j - 1]) + 1, edits[i - 1][j - 1] + same);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
    }
}
