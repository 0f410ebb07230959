package io.nightshift.sql.mapper;

/** Where something stands, for messages: {@code mappers/posts.xml:14}. */
record Place(String file, int line) {

    /** The same place some lines further down. */
    Place down(int lines) {
        return new Place(file, line + lines);
    }

    /** The place and the statement it belongs to. */
    String of(String statement) {
        return this + " (" + statement + ")";
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
