package io.nightshift.step.load.read;

import java.nio.file.Path;

/**
 * One file of a load, as it was frozen into the run.
 *
 * @param number  among the step's files, counted from 1, in the order of their names
 * @param size    in bytes, as it lies there
 * @param hash    SHA-256 of its bytes
 * @param skipped whether an earlier run has loaded it and this one leaves it out
 */
public record InputFile(int number, Path path, long size, String hash, boolean skipped) {}
