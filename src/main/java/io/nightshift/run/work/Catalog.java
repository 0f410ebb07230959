package io.nightshift.run.work;

import io.nightshift.content.ContentFile;
import io.nightshift.content.Home;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.file.JobFile;
import io.nightshift.job.file.JobFiles;
import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.run.books.Hash;
import io.nightshift.sql.Statement;
import io.nightshift.sql.Statements;
import io.nightshift.step.Content;
import io.nightshift.step.ListedKeys;
import io.nightshift.step.StepKinds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Jobs and mappers, read together: those of a home, or those that were frozen into a run. */
public final class Catalog {

    private final List<ContentFile> jobFiles;
    private final List<ContentFile> mappers;
    private final JobFiles jobs;
    private final Statements statements;
    private final StepKinds kinds;

    private Catalog(List<ContentFile> jobFiles, List<ContentFile> mappers, StepKinds kinds, Problems problems) {
        this.jobFiles = jobFiles;
        this.mappers = mappers;
        this.jobs = JobFiles.read(jobFiles, problems);
        this.statements = Statements.read(mappers, problems);
        this.kinds = kinds;
    }

    /** Reads a home; everything that is wrong in its files is added to the problems. */
    public static Catalog of(Home home, StepKinds kinds, Problems problems) {
        home.refuseIfOthersCanWrite(problems);
        return new Catalog(home.jobs(), home.mappers(), kinds, problems);
    }

    /** Reads what was frozen into a run. */
    public static Catalog frozen(List<Map.Entry<String, String>> texts, StepKinds kinds) {
        List<ContentFile> jobFiles = new ArrayList<>();
        List<ContentFile> mappers = new ArrayList<>();
        for (Map.Entry<String, String> text : texts) {
            if (text.getKey().equals(ListedKeys.NAME)) {
                continue;
            }
            (text.getKey().endsWith(".xml") ? mappers : jobFiles).add(new ContentFile(text.getKey(), text.getValue()));
        }
        Problems problems = new Problems();
        Catalog catalog = new Catalog(jobFiles, mappers, kinds, problems);
        problems.throwIfAny(ExitCode.USAGE);
        return catalog;
    }

    public Set<String> names() {
        return jobs.names();
    }

    public Statements statements() {
        return statements;
    }

    /** @throws ProblemException with the nearest name when there is no such job */
    public JobFile job(String name) {
        return jobs.find(name).orElseThrow(() -> {
            String bare = name.replaceFirst("^(\\./)?jobs/", "").replaceFirst("\\.ya?ml$", "");
            return new ProblemException(
                    ExitCode.USAGE,
                    "job " + name,
                    jobs.find(bare).isPresent()
                            ? "a job is named without its folder and its ending"
                            : "there is no jobs/" + bare + ".yml",
                    new Choices(jobs.names()).advice(bare));
        });
    }

    /** Everything that is wrong between these jobs and the mappers. */
    public void check(Collection<String> names, Problems problems) {
        for (String name : names) {
            check(job(name).sample(), problems);
        }
    }

    /** Everything that is wrong between one job, with its parameters filled in, and the mappers. */
    public void check(JobDefinition job, Problems problems) {
        Set<String> parameters = job.parameters().stream()
                .map(ParameterDefinition::sqlName)
                .collect(Collectors.toCollection(TreeSet::new));
        Content content = new Content(statements, parameters);
        job.steps().forEach(step -> kinds.check(step, content, problems));
        OwnChecks.check(job, content, problems);
        Content.Place place = new Content.Place(job.file(), problems);
        job.options().conditions().before().forEach(id -> checkCondition(content, place, "before", id));
        job.options().conditions().after().forEach(id -> checkCondition(content, place, "after", id));
    }

    private static void checkCondition(Content content, Content.Place place, String key, String id) {
        content.statement(place, key, id, Set.of())
                .filter(found -> found.kind() != Statement.Kind.SELECT)
                .ifPresent(found -> place.problems()
                        .add(
                                place.where() + "." + key,
                                found.id() + " is no <select>",
                                "A condition is a <select> of one row: a boolean, and behind it, if you like, a text"
                                        + " that says why not."));
    }

    /** What is frozen into a run of the job: its file, those of the jobs it starts, and the mappers. */
    public Map<String, String> texts(JobFile job) {
        Map<String, String> texts = new LinkedHashMap<>();
        Set<String> files = reachableFiles(job.name());
        jobFiles.stream()
                .filter(file -> files.contains(file.where()))
                .forEach(file -> texts.put(file.where(), file.text()));
        mappers.forEach(file -> texts.put(file.where(), file.text()));
        return texts;
    }

    private Set<String> reachableFiles(String name) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            jobs.find(open.pop())
                    .filter(file -> reached.add(file.file()))
                    .ifPresent(file -> file.sample().steps().stream()
                            .filter(StepDefinition.Job.class::isInstance)
                            .forEach(step -> open.push(((StepDefinition.Job) step).job())));
        }
        return reached;
    }

    /** Ends here if anything is wrong that concerns the job; a fault in another job's file does not. */
    public void throwIfAny(String name, Problems problems) {
        Set<String> files = reachableFiles(name);
        List<Problem> concerning = problems.all().stream()
                .filter(problem -> jobFiles.stream()
                        .filter(file -> problem.where().startsWith(file.where()))
                        .allMatch(file -> files.contains(file.where())))
                .toList();
        if (!concerning.isEmpty()) {
            throw new ProblemException(ExitCode.USAGE, concerning, null);
        }
    }

    /** Changes when the job's file or one of the statements it uses does. */
    String hash(JobFile file, JobDefinition job) {
        List<String> parts = new ArrayList<>(List.of(file.text()));
        Stream.concat(
                        job.steps().stream().flatMap(step -> step.statements().stream()),
                        job.options().conditions().statements().stream())
                .distinct()
                .sorted()
                .forEach(id -> parts.add(statements.get(id).text()));
        return Hash.of(parts.toArray(String[]::new));
    }
}
