/** What a job is: the vocabulary of the YAML files, and how they are read and checked. */
@NullMarked
package io.nightshift.job;

import org.jspecify.annotations.NullMarked;
