/** What commands print: one class per answer, as a document for programs and as a text for people. */
@NullMarked
package io.nightshift.cli.answer;

import org.jspecify.annotations.NullMarked;
