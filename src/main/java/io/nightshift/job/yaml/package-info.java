/** YAML as a tree that knows its places, so that everything that is wrong in a file can be told with its line. */
@NullMarked
package io.nightshift.job.yaml;

import org.jspecify.annotations.NullMarked;
