/** What a run is to do: jobs and mappers read together, and a job with its parameters filled in. */
@NullMarked
package io.nightshift.run.work;

import org.jspecify.annotations.NullMarked;
