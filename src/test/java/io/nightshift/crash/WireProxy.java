package io.nightshift.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between the program and its PostgreSQL and understands enough of their protocol to know which statement passes.
 * A watcher may do anything while a statement or its answer is held, and says whether it goes on.
 */
final class WireProxy implements AutoCloseable {

    /** Called on the session's own threads, which wait meanwhile. */
    interface Watcher {

        /** The program has sent it, and the server has not got it. */
        default Verdict sent(Sent statement) {
            return Verdict.PASS;
        }

        /** The server has answered, and the program does not know. */
        default Verdict answered(Sent statement) {
            return Verdict.PASS;
        }
    }

    enum Verdict {
        PASS,
        /** The connection breaks here, in both directions. */
        CUT
    }

    private static final Watcher NOBODY = new Watcher() {};

    private final ServerSocket listening;
    private final String host;
    private final int serverPort;
    private final List<WireSession> sessions = new CopyOnWriteArrayList<>();
    private volatile Watcher watcher = NOBODY;

    private WireProxy(ServerSocket listening, String host, int serverPort) {
        this.listening = listening;
        this.host = host;
        this.serverPort = serverPort;
    }

    static WireProxy before(String host, int serverPort) {
        try {
            WireProxy proxy =
                    new WireProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), host, serverPort);
            Thread thread = new Thread(proxy::accept, "proxy");
            thread.setDaemon(true);
            thread.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on; for sessions that are there already, too. */
    void watch(Watcher who) {
        watcher = who;
    }

    void watchNoMore() {
        watcher = NOBODY;
    }

    Watcher watcher() {
        return watcher;
    }

    /** Those that are open now. */
    List<WireSession> sessions() {
        return List.copyOf(sessions);
    }

    void cutAll() {
        sessions.forEach(WireSession::cut);
    }

    void forget(WireSession session) {
        sessions.remove(session);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                serve(listening.accept());
            } catch (IOException closed) {
                // Closed by ourselves.
            }
        }
    }

    private void serve(Socket program) throws IOException {
        try {
            Socket server = new Socket(host, serverPort);
            WireSession session = new WireSession(this, program, server);
            sessions.add(session);
            session.start();
        } catch (IOException serverIsDown) {
            program.close();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cutAll();
    }
}
