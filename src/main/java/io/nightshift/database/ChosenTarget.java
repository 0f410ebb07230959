package io.nightshift.database;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which database is meant, of all the places that can name one.
 *
 * <p>The address: {@code nightshift.database.url} (system property, then NIGHTSHIFT_DATABASE_URL, then
 * {@code config/application.yml}), then DATABASE_URL. What names Nightshift comes first: a general variable that another
 * program's shell has set must not move a home's jobs to another database. The role: the address, then
 * {@code nightshift.database.username}, then the user of the system. The password: {@code nightshift.database.password}
 * (best as NIGHTSHIFT_DATABASE_PASSWORD), then the file, then the address, then the driver's own password file.
 *
 * @param remarks what a careful reader should know about the choice
 */
record ChosenTarget(Target target, List<String> remarks) {

    private static final String SETTING = "nightshift.database.url";
    private static final String VARIABLE = "DATABASE_URL";

    /** Empty when nothing names a database: then the embedded one is meant. */
    static Optional<ChosenTarget> of(
            DatabaseSettings settings, Map<String, String> environment, UnaryOperator<Path> inHome) {
        String general = environment.getOrDefault(VARIABLE, "");
        boolean own = !settings.url().isEmpty();
        String url = own ? settings.url() : general;
        if (url.isEmpty()) {
            return Optional.empty();
        }
        String defaultRole = settings.username().isEmpty() ? System.getProperty("user.name") : settings.username();
        DatabaseUrl.Parsed parsed = new DatabaseUrl(own ? SETTING : VARIABLE, url.strip()).parse(defaultRole);
        Target target = parsed.target();
        Target chosen = password(settings, inHome)
                .map(password ->
                        new Target(target.hosts(), target.database(), target.role(), password, target.options()))
                .orElse(target);
        List<String> remarks = new ArrayList<>();
        if (own && !general.isEmpty() && !general.equals(url)) {
            remarks.add("%s is set too and not used: %s comes first.".formatted(VARIABLE, SETTING));
        }
        if (!parsed.ignored().isEmpty()) {
            remarks.add("these options of the address have no effect here: %s."
                    .formatted(String.join(", ", parsed.ignored())));
        }
        return Optional.of(new ChosenTarget(chosen, List.copyOf(remarks)));
    }

    private static Optional<String> password(DatabaseSettings settings, UnaryOperator<Path> inHome) {
        if (!settings.password().isEmpty()) {
            return Optional.of(settings.password());
        }
        return settings.passwordFile().isEmpty()
                ? Optional.empty()
                : Optional.of(fromFile(inHome.apply(Path.of(settings.passwordFile()))));
    }

    private static String fromFile(Path file) {
        try {
            if (othersCanRead(file)) {
                throw wrong(file, "can be read by others.", "Take their rights away: chmod 600 " + file);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw wrong(
                    file,
                    Files.exists(file) ? "cannot be read." : "there is no such file.",
                    "Write the password into it, or set NIGHTSHIFT_DATABASE_PASSWORD.");
        }
    }

    private static boolean othersCanRead(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return false;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        return permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ);
    }

    private static ProblemException wrong(Path file, String what, String fix) {
        return new ProblemException(ExitCode.USAGE, file + " (nightshift.database.password-file)", what, fix);
    }
}
