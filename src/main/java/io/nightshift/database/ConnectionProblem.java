package io.nightshift.database;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says in one line why a database cannot be used. */
record ConnectionProblem(Target target) {

    private static final String PASSWORD_PLACES =
            "Set NIGHTSHIFT_DATABASE_PASSWORD or nightshift.database.password-file.";
    private static final String CERTIFICATES =
            "Check sslmode and sslrootcert, and that the certificate is the server's.";
    private static final String LOG = "Look at the server's log for more.";

    ProblemException of(SQLException error) {
        Problem problem = causes(error)
                .map(this::known)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> unknown(error));
        return new ProblemException(ExitCode.FAILED, List.of(problem), error);
    }

    /** The driver gives up with a state and no cause when the whole of a connection takes too long. */
    private Problem unknown(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        // What the server itself refuses came through a connection that stands.
        boolean connected = error.getSQLState() != null && !state.startsWith("08");
        return state.equals("08001")
                ? tooSlow()
                : say(oneLine(error), !connected && target.options().containsKey("sslmode") ? CERTIFICATES : LOG);
    }

    private Problem tooSlow() {
        return say("the server does not answer in time.", "Look for a firewall in between and a server under load.");
    }

    private static Stream<Throwable> causes(Throwable error) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause).toList().stream();
    }

    private Optional<Problem> known(Throwable cause) {
        if (cause instanceof SQLException error) {
            return Optional.ofNullable(error.getSQLState()).flatMap(state -> refused(error, state));
        }
        return cause instanceof IOException broken ? Optional.of(unreachable(broken)) : Optional.empty();
    }

    private Problem unreachable(IOException cause) {
        String start = "Start the server, or correct nightshift.database.url.";
        if (cause instanceof UnknownHostException) {
            return say("there is no machine of this name.", "Correct the host in nightshift.database.url.");
        }
        if (cause instanceof SSLException) {
            return say("the encrypted connection does not come about (" + oneLine(cause) + ").", CERTIFICATES);
        }
        if (cause instanceof FileNotFoundException || cause instanceof NoSuchFileException) {
            return say(
                    "a file that the address names cannot be read (" + oneLine(cause) + ").",
                    "Correct sslrootcert, sslcert or sslkey in nightshift.database.url.");
        }
        if (cause instanceof SocketTimeoutException) {
            return say(
                    "the server does not answer in time.", "Look for a firewall in between and a server under load.");
        }
        return cause instanceof ConnectException
                ? say("nobody answers there (" + oneLine(cause) + ").", start)
                : say("the connection broke (" + oneLine(cause) + ").", start);
    }

    private Optional<Problem> refused(SQLException error, String state) {
        return Optional.ofNullable(
                switch (state) {
                    case "28P01" -> say("the server refuses this role or its password.", PASSWORD_PLACES);
                    case "28000" -> notAuthorized(error);
                    case "3D000" ->
                        say(
                                "there is no database \"" + target.database() + "\".",
                                "Create it: CREATE DATABASE " + target.database());
                    case "42501" ->
                        say(
                                "the role may not do this: " + oneLine(error),
                                entered(error)
                                        ? "Give it the right, and do it again."
                                        : "Give it the right, for example: GRANT CONNECT ON DATABASE "
                                                + target.database() + " TO " + target.role());
                    case "53300" ->
                        say(
                                "all connections of the server are taken.",
                                "Lower nightshift.database.pool-size, or raise max_connections.");
                    case "57P03" ->
                        say("the server is starting, recovering or shutting down.", "Wait a moment and do it again.");
                    case "57P01", "57P02" -> say("the server ended the session.", "Start the server and do it again.");
                    case "08004" -> rejected(error);
                    case "22P05" ->
                        say(
                                "the encoding of this database lacks a character that a job, its statements, a parameter"
                                        + " or the name of a file has: "
                                        + oneLine(error).replaceFirst(" Where: .*", ""),
                                "Write it without the character, or use a database in UTF8.");
                    default -> null;
                });
    }

    /** One state for two things: no entry in pg_hba.conf, or a role that may not log in. The texts are localised. */
    private Problem notAuthorized(SQLException error) {
        boolean rules = error instanceof PSQLException refused
                && routine(refused).filter("ClientAuthentication"::equals).isPresent();
        return rules
                ? say(
                        "the server's pg_hba.conf does not let this role in from here.",
                        "Add a line there, or add sslmode=require to nightshift.database.url if only encrypted"
                                + " connections are let in.")
                : say("the server refuses this role: " + oneLine(error), "Create it with LOGIN, or name another one.");
    }

    /** Whether the role is in the database, and something in it is refused. The texts are localised, routines are not. */
    private static boolean entered(SQLException error) {
        return error instanceof PSQLException refused
                && refused.getServerErrorMessage() != null
                && routine(refused).filter("CheckMyDatabase"::equals).isEmpty();
    }

    private static Optional<String> routine(PSQLException error) {
        return Optional.ofNullable(error.getServerErrorMessage()).map(ServerErrorMessage::getRoutine);
    }

    private Problem rejected(SQLException error) {
        return target.password() == null
                ? say("the server asks for a password and none is set.", PASSWORD_PLACES)
                : say(oneLine(error), "Check sslmode in nightshift.database.url, and the server's log.");
    }

    private Problem say(String what, String fix) {
        return new Problem(target.toString(), what, fix);
    }

    private static String oneLine(Throwable error) {
        return String.valueOf(error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage())
                .replaceAll("\\s*\\R\\s*", " ")
                .replaceFirst("^(FATAL|ERROR): +", "")
                .strip();
    }
}
