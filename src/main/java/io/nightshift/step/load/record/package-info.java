/**
 * Reads records out of files: CSV and JSONL, plain or gzip, any encoding. Every byte of a file belongs to one record,
 * and a record that cannot be read is a record too: broken, with its place and the reason.
 */
@NullMarked
package io.nightshift.step.load.record;

import org.jspecify.annotations.NullMarked;
