package io.nightshift.step.report;

import com.samskivert.mustache.Mustache;
import io.nightshift.job.ReportOutput;
import io.nightshift.job.StepDefinition;
import io.nightshift.step.StepContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A report as one HTML file that needs nothing else: styles and the chart's script are in it. */
final class ReportPage {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** More bars than this are a carpet, in which the tall ones disappear. */
    private static final int MOST_BARS = 100;

    /** Up to this width a text stays on one line: dates, times to the microsecond, names. */
    private static final int SHORT = 29;

    /** From here on characters are as wide as two others. */
    private static final int WIDE = 0x1100;

    private static final Set<String> RUNS_OWN = Set.of("now", "asOf", "run");

    private final StepDefinition.Report step;
    private final StepContext context;
    private final ReportTable table;

    ReportPage(StepDefinition.Report step, StepContext context, ReportTable table) {
        this.step = step;
        this.context = context;
        this.table = table;
    }

    byte[] html() throws IOException {
        Map<String, @Nullable Object> page = new HashMap<>();
        page.put("title", step.name());
        page.put("job", context.environment().assignment().job());
        page.put("run", context.environment().assignment().run());
        page.put("asOf", MINUTE.format(context.frozen().asOf()));
        page.put("parameters", parameters());
        page.put("rowCount", count(table.rows().size()));
        page.put("columns", table.columns());
        page.put("rows", rows());
        Optional<ReportOutput.Chart> chart = step.output().chart();
        chart.ifPresent(any -> new ChartColumns(step, any).refuseUnknown(table.columns()));
        chart = chart.filter(any -> !table.rows().isEmpty());
        page.put("chart", chart.map(this::chart).orElse(null));
        page.put("charted", chart.map(this::charted).orElse(null));
        page.put("script", chart.isPresent() ? resource("chart.umd.js") : "");
        String template = resource("report.mustache");
        return Mustache.compiler()
                .defaultValue("")
                .compile(template)
                .execute(page)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What was asked for, since the page travels without the command. */
    private List<Map<String, String>> parameters() {
        List<Map<String, String>> parameters = new ArrayList<>();
        new TreeMap<>(context.parameters()).forEach((name, value) -> {
            if (!RUNS_OWN.contains(name) && value.text() != null) {
                parameters.add(Map.of("name", kebab(name), "value", value.text()));
            }
        });
        return parameters;
    }

    private static String kebab(String sqlName) {
        return sqlName.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String count(int rows) {
        return rows == 1 ? "1 row" : "%,d rows".formatted(rows);
    }

    private List<Map<String, Object>> rows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (List<@Nullable String> row : table.rows()) {
            List<Map<String, Object>> cells = new ArrayList<>();
            for (int column = 0; column < row.size(); column++) {
                String text = row.get(column);
                cells.add(Map.of(
                        "text",
                        text == null ? "" : text,
                        "number",
                        table.columns().get(column).number(),
                        "short",
                        text == null || width(text) <= SHORT));
            }
            rows.add(Map.of("cells", cells));
        }
        return rows;
    }

    private static int width(String text) {
        return text.codePoints().map(character -> character < WIDE ? 1 : 2).sum();
    }

    private List<List<@Nullable String>> drawn(ReportOutput.Chart chart) {
        boolean all =
                chart.kind() != ReportOutput.Chart.Kind.BAR || table.rows().size() <= MOST_BARS;
        return all ? table.rows() : table.rows().subList(0, MOST_BARS);
    }

    /** Which rows the chart shows, where it does not show all. */
    private @Nullable String charted(ReportOutput.Chart chart) {
        int drawn = drawn(chart).size();
        return drawn == table.rows().size() ? null : "The chart shows the first %,d rows.".formatted(drawn);
    }

    /** What Chart.js is told, as JSON that may stand inside a script element. */
    private String chart(ReportOutput.Chart chart) {
        int x = table.position(chart.x());
        List<@Nullable Object> labels = new ArrayList<>();
        drawn(chart).forEach(row -> labels.add(row.get(x)));
        List<Map<String, Object>> series = new ArrayList<>();
        for (String name : chart.y()) {
            int y = table.position(name);
            List<@Nullable Object> points = new ArrayList<>();
            drawn(chart).forEach(row -> points.add(table.value(row, y)));
            series.add(ordered("label", name, "data", points));
        }
        Map<String, Object> data = ordered(
                "type",
                chart.kind().name().toLowerCase(Locale.ROOT),
                "data",
                ordered("labels", labels, "datasets", series));
        return JsonMapper.shared().writeValueAsString(data).replace("<", "\\u003c");
    }

    /** The order of {@code Map.of} is another in every process, and a page is to be the same, byte by byte. */
    private static Map<String, Object> ordered(String first, Object its, String second, Object other) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, its);
        map.put(second, other);
        return map;
    }

    private static String resource(String name) throws IOException {
        String path = name.endsWith(".js")
                ? "/META-INF/resources/webjars/chart.js/" + chartVersion() + "/dist/" + name
                : name;
        try (InputStream stream = ReportPage.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IOException(path + " is not in the program. This is a bug in Nightshift.");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String chartVersion() throws IOException {
        java.util.Properties properties = new java.util.Properties();
        try (InputStream stream =
                ReportPage.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/chart.js/pom.properties")) {
            if (stream == null) {
                throw new IOException("Chart.js is not in the program. This is a bug in Nightshift.");
            }
            properties.load(stream);
        }
        return properties.getProperty("version");
    }
}
