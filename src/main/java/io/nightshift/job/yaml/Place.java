package io.nightshift.job.yaml;

/**
 * Where something stands in a job file.
 *
 * @param file relative to the home
 * @param line from 1
 * @param path the keys on the way to it: {@code steps[0].load.dialect}; empty for the file as a whole
 */
public record Place(String file, int line, String path) {

    Place key(String key, int keyLine) {
        return new Place(file, keyLine, path.isEmpty() ? key : path + "." + key);
    }

    Place index(int index, int itemLine) {
        return new Place(file, itemLine, path + "[" + index + "]");
    }

    /** As messages show it: {@code jobs/load-users.yml:7 (steps[0].load)}. */
    public String text() {
        return path.isEmpty() ? file + ":" + line : file + ":" + line + " (" + path + ")";
    }
}
