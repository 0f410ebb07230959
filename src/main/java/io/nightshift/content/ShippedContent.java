package io.nightshift.content;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;

/** The home inside the program: entries of its jar, or a directory when it runs from compiled classes. */
final class ShippedContent implements ContentSource {

    static final String ROOT = "io/nightshift/home/";

    /** A file that is always shipped: from it we learn where the others are, without relying on directory entries. */
    private static final String SETTINGS = "config/application.yml";

    private final ClassLoader program;

    ShippedContent() {
        this(ShippedContent.class.getClassLoader());
    }

    ShippedContent(ClassLoader program) {
        this.program = program;
    }

    @Override
    public List<ContentFile> files(String folder, Predicate<String> wanted) {
        URL settings = resource(SETTINGS);
        try {
            URLConnection connection = settings.openConnection();
            return connection instanceof JarURLConnection jar
                    ? entries(jar, folder, wanted)
                    : new DirectoryContent(Path.of(settings.toURI()).getParent().getParent()).files(folder, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(settings + " is no place to read from. This is a bug in Nightshift.", e);
        }
    }

    /** The settings file as shipped: it names every setting there is. */
    static ContentFile settings() {
        return new ShippedContent().read(SETTINGS);
    }

    private List<ContentFile> entries(JarURLConnection jar, String folder, Predicate<String> wanted)
            throws IOException {
        String prefix = jar.getEntryName().substring(0, jar.getEntryName().length() - SETTINGS.length()) + folder + "/";
        return jar.getJarFile().stream()
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith(prefix) && !name.endsWith("/"))
                .map(name -> name.substring(prefix.length()))
                .filter(wanted)
                .sorted()
                .map(path -> read(folder + "/" + path))
                .toList();
    }

    private ContentFile read(String where) {
        try (InputStream bytes = resource(where).openStream()) {
            return new ContentFile(where, TextOf.utf8(where, bytes.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URL resource(String where) {
        URL url = program.getResource(ROOT + where);
        return Objects.requireNonNull(url, () -> where + " is not in the program. This is a bug in Nightshift.");
    }
}
