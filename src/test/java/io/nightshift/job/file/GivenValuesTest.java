package io.nightshift.job.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.ParameterValues;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenValuesTest {

    private static final Path HERE = Path.of("/somewhere/else");

    private final Problems problems = new Problems();

    private ParameterValues values(String declarations, Map<String, List<String>> arguments) {
        String text = "parameters: {" + declarations + "}\nsteps: [{sql: a.b}]\n";
        return JobFileTest.read(text).values(arguments, HERE, problems);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "integer|7|7",
                "integer|+007|7",
                "integer|-0|0",
                "integer|-9223372036854775808|-9223372036854775808",
                "decimal|12.50|12.5",
                "decimal|1E+3|1000",
                "decimal|-0.00|0",
                "text| a, b |a, b",
                "text|${x}|${x}",
                "boolean|true|true",
                "date|2026-02-28|2026-02-28",
                "timestamp|2026-03-29T01:30:00+02:00|2026-03-28T23:30:00Z",
                "timestamp|2026-03-29 01:30:00.120Z|2026-03-29T01:30:00.120Z",
                "timestamp|2026-03-29T01:30Z|2026-03-29T01:30:00Z",
                "duration|90 days|P90D",
                "duration|P2W|P14D",
                "duration|2h|PT2H",
                "duration|1 day 12 hours|P1DT12H",
                "duration|1h30m|PT1H30M",
                "duration|14 months|P1Y2M",
                "duration|PT36H|PT36H",
                "duration|0 s|PT0S",
                "duration|PT0.5S|PT0.5S",
                "path|in/users.csv|/somewhere/else/in/users.csv",
                "path|../users.csv|/somewhere/users.csv",
                "path|/abs/users.csv|/abs/users.csv",
                "path|in/*.csv|/somewhere/else/in/*.csv",
                "path|-|-",
            })
    void aValueHasOneText(String type, String typed, String canonical) {
        assertThat(values("x: {type: " + type + "}", Map.of("x", List.of(typed)))
                        .find("x"))
                .contains(List.of(canonical));
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "integer|1.5|\"1.5\" is not a whole number.",
                "integer|``|\"\" is not a whole number.",
                "decimal|NaN|\"NaN\" is not a decimal number.",
                "decimal|1e999999999|\"1e999999999\" is not a decimal number.",
                "boolean|True|\"True\" is neither true nor false.",
                "date|2026-02-29|\"2026-02-29\" is not a date.",
                "timestamp|2026-03-29T01:30:00|\"2026-03-29T01:30:00\" is not a time with its zone.",
                "duration|90|\"90\" is not a duration.",
                "duration|-1 day|\"-1 day\" is not a duration.",
                "duration|P|\"P\" is not a duration.",
                "duration|P1DT|\"P1DT\" is not a duration.",
                "duration|P99999999999999999999D|\"P99999999999999999999D\" is too long a time.",
                "path|``|is empty.",
            })
    void aValueThatDoesNotFitIsAProblem(String type, String typed, String what) {
        values("x: {type: " + type + "}", Map.of("x", List.of(typed)));
        assertThat(problems.all())
                .extracting(Problem::where, Problem::what)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("parameter x", what));
    }

    @Test
    void listsComeWithCommasOrSeveralTimes() {
        String integers = "x: {type: list of integer}";
        assertThat(values(integers, Map.of("x", List.of("1, 2", "+3"))).find("x"))
                .contains(List.of("1", "2", "3"));
        assertThat(values(integers, Map.of("x", List.of(""))).find("x")).contains(List.of());
        String texts = "x: {type: list of text}";
        assertThat(values(texts, Map.of("x", List.of("a\\,b,c"))).find("x")).contains(List.of("a,b", "c"));
        String enums = "x: {type: list of enum, values: [csv, jsonl], default: [csv]}";
        assertThat(values(enums, Map.of("x", List.of("jsonl,csv"))).find("x")).contains(List.of("jsonl", "csv"));
        assertThat(values(enums, Map.of()).find("x")).contains(List.of("csv"));
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void defaultsAreMadeCanonicalAndPathsAmongThemStayTheHomes() {
        ParameterValues values = values(
                "a: {type: duration, default: 90 days}, b: {type: path, default: in/x.csv}, c: {type: text}", Map.of());
        assertThat(values.values()).isEqualTo(Map.of("a", List.of("P90D"), "b", List.of("in/x.csv")));
    }

    @Test
    void everyFaultIsNamedAtOnce() {
        values(
                "file: {type: path, required: true, help: the users}, rows: {type: integer}, one: {type: text},"
                        + " format: {type: enum, values: [csv, jsonl]}",
                new java.util.TreeMap<>(Map.of(
                        "fil",
                        List.of("x"),
                        "rows",
                        List.of("x"),
                        "one",
                        List.of("a", "b"),
                        "format",
                        List.of("cvs"))));
        assertThat(problems.all())
                .containsExactly(
                        new Problem("parameter fil", "run-it has no such parameter.", "Did you mean \"file\"?"),
                        new Problem(
                                "parameter file",
                                "run-it needs a value for it (the users).",
                                "Add file=<path> to the command."),
                        new Problem(
                                "parameter rows",
                                "\"x\" is not a whole number.",
                                "Write digits only, for example 1000."),
                        new Problem("parameter one", "is given 2 times and takes one value.", "Give it once."),
                        new Problem("parameter format", "\"cvs\" is not one of csv, jsonl.", "Did you mean \"csv\"?"));
    }
}
