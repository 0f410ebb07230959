package io.nightshift.chunk;

/**
 * A reject that is to be tried again.
 *
 * @param id     its number
 * @param place  where it comes from
 * @param raw    the record's bytes, capped; empty for keys
 * @param length how many bytes there were before the cap
 */
public record OpenReject(long id, Reject.Place place, byte[] raw, long length) {}
