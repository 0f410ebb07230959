package io.nightshift.job;

import io.nightshift.job.YamlNode.Text;
import io.nightshift.problem.Problems;

/**
 * One pass over a file.
 *
 * @param lenient whether values that came from a parameter are only samples, so that faults in them tell nothing
 */
record Reading(Problems problems, boolean lenient) {

    void fault(YamlNode node, String what, String fix) {
        boolean sample = lenient && node instanceof Text text && text.filled();
        if (!sample) {
            problems.add(node.place().text(), what, fix);
        }
    }
}
