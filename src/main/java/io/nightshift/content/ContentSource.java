package io.nightshift.content;

import java.util.List;
import java.util.function.Predicate;

/** Where the files of a home come from: a directory, or the program itself. */
interface ContentSource {

    /**
     * The files of a folder whose path in it is wanted, sorted; none when there is no such folder.
     *
     * @param wanted told the path relative to the folder, with forward slashes
     */
    List<ContentFile> files(String folder, Predicate<String> wanted);
}
