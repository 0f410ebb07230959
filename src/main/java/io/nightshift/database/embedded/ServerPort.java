package io.nightshift.database.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** The port of a server: that of last time if it is free, since people may have written it down. */
record ServerPort(ServerFolder folder) {

    int free() {
        Optional<String> last = folder.read(folder.port()).filter(text -> text.matches("\\d{1,5}"));
        try {
            return bound(last.map(Integer::parseInt).orElse(0));
        } catch (IOException taken) {
            return any();
        }
    }

    void remember(int port) {
        folder.write(folder.port(), Integer.toString(port));
    }

    private static int any() {
        try {
            return bound(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int bound(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return socket.getLocalPort();
        }
    }
}
