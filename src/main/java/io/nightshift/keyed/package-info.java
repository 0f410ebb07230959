/** What the kinds of step share that go through a table by its key, one page of keys at a time. */
@NullMarked
package io.nightshift.keyed;

import org.jspecify.annotations.NullMarked;
