/** What is written in the mapper files: read with its lines, held to the rules, and handed on as statements. */
@NullMarked
package io.nightshift.sql.mapper;

import org.jspecify.annotations.NullMarked;
