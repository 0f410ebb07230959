package io.nightshift.crash;

import io.nightshift.TestHome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A job with its data, whose end is known from an undisturbed run.
 *
 * @param tables   makes its tables anew and fills them
 * @param content  its mappers, jobs and input files
 * @param steps    of the job, in YAML
 * @param compared by what name, which query tells how a table ended: every column but those that the database generates
 */
record Scenario(
        String name, String tables, Consumer<TestHome> content, List<String> steps, Map<String, String> compared) {

    /** The name of its job. */
    String job() {
        return "do-" + name;
    }

    /** One job that does all of them, one after the other. */
    static Scenario together(String name, List<Scenario> parts) {
        Map<String, String> compared = new LinkedHashMap<>();
        parts.forEach(part -> compared.putAll(part.compared));
        return new Scenario(
                name,
                parts.stream().map(Scenario::tables).collect(Collectors.joining(";\n")),
                home -> parts.forEach(part -> part.content.accept(home)),
                parts.stream().flatMap(part -> part.steps.stream()).toList(),
                compared);
    }

    /** Writes the home. */
    void write(TestHome home, String url) {
        content.accept(home);
        home.with("jobs/" + job() + ".yml", yaml(steps))
                .with(
                        "config/application.yml",
                        """
                        nightshift:
                          database:
                            url: "%s"
                        """
                                .formatted(url));
    }

    /** A job of chunks that are small, so that there are many, and that stay so. */
    static String yaml(List<String> steps) {
        return "chunk: 10\ntarget-duration: none\nsteps:\n"
                + String.join("", steps).indent(2);
    }
}
