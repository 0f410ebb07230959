/** The mappers: statements of the user, looked up, checked and bound to values. */
@NullMarked
package io.nightshift.sql;

import org.jspecify.annotations.NullMarked;
