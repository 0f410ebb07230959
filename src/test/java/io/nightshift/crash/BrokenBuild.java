package io.nightshift.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The program with a fault that somebody might build in one day.
 *
 * @param name    of the fault
 * @param changes of the sources
 */
record BrokenBuild(String name, List<Change> changes) {

    private static final Path SOURCES = Path.of("src", "main", "java", "io", "nightshift");

    /**
     * A piece of a source file, which is there once, and what stands in its place.
     *
     * @param file below {@code io/nightshift}
     */
    record Change(String file, String text, String instead) {

        /** The changed source. */
        private String apply() {
            try {
                String source = Files.readString(SOURCES.resolve(file));
                int first = source.indexOf(text);
                assertThat(first >= 0 && first == source.lastIndexOf(text))
                        .as("%s has \"%s\" once; if it was rewritten, break what does it now", file, text)
                        .isTrue();
                return source.replace(text, instead);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** @param directory for its classes */
    Build of(Build sound, Path directory) {
        try {
            Path classes = Files.createDirectories(directory.resolve(name.replace(' ', '-')));
            List<JavaFileObject> sources = new ArrayList<>();
            changes.forEach(change -> sources.add(new Source(change.file(), change.apply())));
            compile(sources, classes);
            return sound.with(classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(List<JavaFileObject> sources, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
        assertThat(compiler.getTask(said, null, null, options, null, sources).call())
                .as("compiles: %s", said)
                .isTrue();
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///io/nightshift/" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
