/** What can be seen of a server that may be a reason to wait, and from where on it is one. */
@NullMarked
package io.nightshift.health.signal;

import org.jspecify.annotations.NullMarked;
