package io.nightshift.job;

import java.util.List;
import java.util.Optional;

/** Which files a report writes, and the chart on its page. */
public record ReportOutput(boolean csv, boolean json, boolean html, Optional<Chart> chart) {

    /** How many files are written. */
    public int files() {
        return (csv ? 1 : 0) + (json ? 1 : 0) + (html ? 1 : 0);
    }

    /**
     * @param kind bars or a line
     * @param x    the column along the bottom
     * @param y    the columns that are drawn, one series each
     */
    public record Chart(Kind kind, String x, List<String> y) {
        /** How the series are drawn. */
        public enum Kind {
            LINE,
            BAR
        }
    }
}
