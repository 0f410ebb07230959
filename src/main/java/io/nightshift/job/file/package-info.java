/** Reads job files: what their keys mean, their parameters and values, and everything that is wrong with them at once. */
@NullMarked
package io.nightshift.job.file;

import org.jspecify.annotations.NullMarked;
