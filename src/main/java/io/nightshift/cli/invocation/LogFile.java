package io.nightshift.cli.invocation;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.LoggerFactory;

/** Where the program's own log goes: a file of the state directory that nobody else can read, never the terminal. */
final class LogFile {

    private static final String APPENDER = "file";
    private static final int KEPT = 5;
    private static final FileSize LARGEST = new FileSize(10 * FileSize.MB_COEFFICIENT);

    private static final FileAttribute<Set<PosixFilePermission>> OWNERS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private LogFile() {}

    /** Logs from now on, and returns where. A directory that cannot be written means no log, not no work. */
    static synchronized Path open(Path state) {
        Path file = directory(state).resolve("nightshift.log");
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                && root(context).getAppender(APPENDER) == null) {
            root(context).addAppender(appender(context, file));
        }
        return file;
    }

    /** Holds this log and the output of detached runs. */
    static Path directory(Path state) {
        Path directory = state.resolve("logs");
        try {
            boolean posix = state.getFileSystem().supportedFileAttributeViews().contains("posix");
            return Files.createDirectories(
                    directory, posix ? new FileAttribute<?>[] {OWNERS} : new FileAttribute<?>[0]);
        } catch (IOException readOnly) {
            return directory;
        }
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, Path file) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{36} - %msg%n");
        encoder.start();
        RollingFileAppender<ILoggingEvent> appender = new OwnersOnly();
        appender.setContext(context);
        appender.setName(APPENDER);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMaxIndex(KEPT);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(LARGEST);
        size.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(size);
        appender.start();
        return appender;
    }

    /** An appender whose files only their owner can read: messages of the database may quote rows. */
    private static final class OwnersOnly extends RollingFileAppender<ILoggingEvent> {

        @Override
        public void openFile(String name) throws IOException {
            Path file = Path.of(name);
            if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
                try {
                    Files.createFile(
                            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                } catch (FileAlreadyExistsException goesOn) {
                    // It was made by us, and is written on.
                }
            }
            super.openFile(name);
        }
    }
}
