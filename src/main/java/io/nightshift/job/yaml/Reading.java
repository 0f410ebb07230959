package io.nightshift.job.yaml;

import io.nightshift.job.yaml.YamlNode.Text;
import io.nightshift.problem.Problems;

/**
 * One pass over a file.
 *
 * @param lenient whether values that came from a parameter are only samples, so that faults in them tell nothing
 */
public record Reading(Problems problems, boolean lenient) {

    public void fault(YamlNode node, String what, String fix) {
        boolean sample = lenient && node instanceof Text text && text.filled();
        if (!sample) {
            problems.add(node.place().text(), what, fix);
        }
    }
}
