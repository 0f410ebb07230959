package io.nightshift.job.file;

import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.yaml.Unfit;
import io.nightshift.job.yaml.YamlNode;
import io.nightshift.job.yaml.YamlNode.Fields;
import io.nightshift.job.yaml.YamlNode.Items;
import io.nightshift.job.yaml.YamlNode.Text;
import io.nightshift.problem.Choices;
import io.nightshift.problem.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks jobs that start jobs: the other exists, takes what it is given, and the way never leads back. */
final class JobLinks {

    private final Map<String, JobFile> jobs;
    private final Problems problems;
    private final Set<String> done = new HashSet<>();

    JobLinks(Map<String, JobFile> jobs, Problems problems) {
        this.jobs = jobs;
        this.problems = problems;
    }

    /** A step that starts a job. */
    private record Link(String target, Text name, Fields step) {}

    void check() {
        for (JobFile job : jobs.values()) {
            links(job).forEach(this::check);
            follow(job.name(), new ArrayList<>());
        }
    }

    private static List<Link> links(JobFile job) {
        List<Link> links = new ArrayList<>();
        if (job.tree().fields().get("steps") instanceof Items steps) {
            for (YamlNode item : steps.items()) {
                if (item instanceof Fields kinds
                        && kinds.fields().get("job") instanceof Fields step
                        && step.fields().get("name") instanceof Text name
                        && !name.absent()) {
                    links.add(new Link(name.text(), name, step));
                }
            }
        }
        return links;
    }

    private void check(Link link) {
        if (Placeholders.in(link.name())) {
            problems.add(
                    link.name().place().text(),
                    "the job to start cannot hang on a parameter.",
                    "Write its name out: what starts what is checked before anything runs.");
            return;
        }
        JobFile target = jobs.get(link.target());
        if (target == null) {
            problems.add(
                    link.name().place().text(),
                    "there is no job \"" + link.target() + "\".",
                    new Choices(jobs.keySet()).advice(link.target()));
            return;
        }
        Map<String, YamlNode> given =
                link.step().fields().get("parameters") instanceof Fields fields ? fields.fields() : Map.of();
        given.forEach((name, value) -> check(target, name, value));
        target.parameters().stream()
                .filter(parameter -> parameter.required() && !given.containsKey(parameter.name()))
                .forEach(parameter -> problems.add(
                        link.step().place().text(),
                        target.name() + " needs a value for \"" + parameter.name() + "\".",
                        "Add it under parameters."));
    }

    private void check(JobFile target, String name, YamlNode value) {
        List<String> names =
                target.parameters().stream().map(ParameterDefinition::name).toList();
        target.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .ifPresentOrElse(
                        parameter -> check(parameter, value),
                        () -> problems.add(
                                value.place().text(),
                                target.name() + " has no parameter \"" + name + "\".",
                                names.isEmpty() ? "It takes none." : new Choices(names).advice(name)));
    }

    private void check(ParameterDefinition parameter, YamlNode value) {
        if (value instanceof Items items && parameter.list()) {
            items.items().forEach(item -> check(parameter, item));
        } else if (!(value instanceof Text)) {
            problems.add(
                    value.place().text(),
                    "\"" + parameter.name() + "\" takes " + (parameter.list() ? "a list" : "one value")
                            + ", and there is " + value.shape() + ".",
                    "Its type is " + ReadParameters.typeOf(parameter) + ".");
        } else if (value instanceof Text text && !text.absent() && !Placeholders.in(text)) {
            try {
                for (String element : parameter.list() ? text.text().split(",") : new String[] {text.text()}) {
                    CanonicalText.of(parameter, element.strip());
                }
            } catch (Unfit unfit) {
                problems.add(text.place().text(), unfit.what(), unfit.fix());
            }
        }
    }

    private void follow(String name, List<String> way) {
        int start = way.indexOf(name);
        if (start >= 0) {
            List<String> circle = new ArrayList<>(way.subList(start, way.size()));
            circle.add(name);
            problems.add(
                    jobs.get(name).file(),
                    "jobs that start each other never end: " + String.join(" -> ", circle) + ".",
                    "Take one of these steps out.");
        } else if (jobs.containsKey(name) && !done.contains(name)) {
            way.add(name);
            links(jobs.get(name)).forEach(link -> follow(link.target(), way));
            way.remove(way.size() - 1);
            done.add(name);
        }
    }
}
