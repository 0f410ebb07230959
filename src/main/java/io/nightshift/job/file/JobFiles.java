package io.nightshift.job.file;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All jobs of a home, by name. */
public final class JobFiles {

    private final Map<String, JobFile> byName;

    private JobFiles(Map<String, JobFile> byName) {
        this.byName = byName;
    }

    /**
     * Reads all files and adds every problem that shows without a database and without the parameters of a run: syntax,
     * keys, types, declarations, schedules, jobs that start jobs.
     */
    public static JobFiles read(List<ContentFile> files, Problems problems) {
        Map<String, JobFile> byName = new TreeMap<>();
        for (ContentFile content : files) {
            JobFile file = JobFile.read(content, problems);
            checkName(file, problems);
            JobFile other = byName.putIfAbsent(file.name(), file);
            if (other != null) {
                problems.add(
                        file.file(),
                        "the job \"" + file.name() + "\" is already " + other.file() + ".",
                        "Remove or rename one of the two files.");
            }
        }
        new JobLinks(byName, problems).check();
        return new JobFiles(byName);
    }

    private static void checkName(JobFile file, Problems problems) {
        if (!file.name().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
            problems.add(
                    file.file(),
                    "\"" + file.name() + "\" is not a name for a job.",
                    "Name the file in lower-case words with dashes, the verb first, for example load-users.yml.");
        }
    }

    /** Sorted; with those that have problems. */
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(byName.keySet());
    }

    public Optional<JobFile> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
