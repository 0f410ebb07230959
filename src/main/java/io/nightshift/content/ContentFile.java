package io.nightshift.content;

/**
 * A text file of a home.
 *
 * @param where its name for messages, relative to the home: {@code jobs/load-users.yml}
 * @param text  what stands in it
 */
public record ContentFile(String where, String text) {}
