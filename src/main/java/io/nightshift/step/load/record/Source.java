package io.nightshift.step.load.record;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that the readers can split: decompressed, and converted where their encoding needs it. */
interface Source {

    /** How its bytes become text. */
    Encoding encoding();

    /** Whether a byte order mark at the start is no part of the first record. */
    boolean skipsMark();

    /** The bytes from this place on. The caller closes it. */
    InputStream from(long offset) throws IOException;
}
