package io.nightshift.database.embedded;

import java.nio.file.Path;

/** A process that uses the embedded server until its input ends: {@code HoldsServer STATE}. Prints the port. */
final class HoldsServer {

    private HoldsServer() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerLease lease = EmbeddedServer.in(Path.of(arguments[0])).use()) {
            System.out.println(lease.port());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
