/** What a job is, checked and typed: definitions without a line of YAML, for the steps and the engine. */
@NullMarked
package io.nightshift.job;

import org.jspecify.annotations.NullMarked;
