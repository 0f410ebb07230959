package io.nightshift.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows under a heading, in columns as wide as they must be; numbers stand to the right. */
public final class Table {

    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9,.]*");
    private static final String GAP = "  ";

    private final List<String> heading;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... heading) {
        this.heading = List.of(heading);
    }

    /** One more row; as many cells as the heading has. */
    public void row(Object... cells) {
        if (cells.length != heading.size()) {
            throw new IllegalArgumentException(
                    "%d cells under %d headings. This is a bug in Nightshift.".formatted(cells.length, heading.size()));
        }
        rows.add(List.of(cells).stream().map(String::valueOf).toList());
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The lines, each indented by two blanks. */
    public String text() {
        List<List<String>> all = new ArrayList<>(List.of(heading));
        all.addAll(rows);
        return all.stream().map(this::line).collect(Collectors.joining(System.lineSeparator()));
    }

    private String line(List<String> cells) {
        return IntStream.range(0, cells.size())
                .mapToObj(column -> cell(cells.get(column), column))
                .collect(Collectors.joining(GAP, GAP, ""))
                .stripTrailing();
    }

    private String cell(String text, int column) {
        String blanks = " ".repeat(width(column) - text.length());
        return numeric(column) ? blanks + text : text + blanks;
    }

    private int width(int column) {
        int widest =
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        return Math.max(heading.get(column).length(), widest);
    }

    private boolean numeric(int column) {
        return rows.stream()
                .map(row -> row.get(column))
                .allMatch(text -> text.isEmpty()
                        || text.equals("?")
                        || NUMBER.matcher(text).matches());
    }
}
