package io.nightshift.crash;

import io.nightshift.crash.Sent.Place;
import io.nightshift.crash.WireProxy.Verdict;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One connection through the proxy, in PostgreSQL's protocol 3. */
final class WireSession {

    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final int CANCEL_REQUEST = 80877102;

    private final WireProxy proxy;
    private final Socket program;
    private final Socket server;
    private final Map<String, String> statements = new ConcurrentHashMap<>();
    private final Map<String, String> portals = new ConcurrentHashMap<>();
    /** What is to be answered by the next ReadyForQuery, and by those behind it. */
    private final Queue<List<Sent>> unanswered = new ConcurrentLinkedQueue<>();

    private List<Sent> batch = new ArrayList<>();
    private volatile Place place = Place.OUTSIDE;
    private volatile int ordinal;
    private volatile int backend;

    WireSession(WireProxy proxy, Socket program, Socket server) throws IOException {
        this.proxy = proxy;
        this.program = program;
        this.server = server;
        program.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        run("from the program", this::fromProgram);
    }

    /** The process number of the server's side; 0 before it is known. */
    int backend() {
        return backend;
    }

    /** Where it is now. */
    Place place() {
        return place;
    }

    /** Whether the server is at something. */
    boolean busy() {
        return !unanswered.isEmpty();
    }

    void cut() {
        try {
            program.close();
            server.close();
        } catch (IOException e) {
            // It is cut all the same.
        }
        proxy.forget(this);
    }

    private interface Pump {
        void run() throws IOException;
    }

    private void run(String name, Pump pump) {
        Thread thread = new Thread(
                () -> {
                    try {
                        pump.run();
                    } catch (IOException gone) {
                        // One side has gone: so does the other.
                    } finally {
                        cut();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    // ---- from the program to the server

    private void fromProgram() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(program.getInputStream()));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(server.getOutputStream(), 1 << 16));
        if (!startUp(in, out)) {
            return;
        }
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = body(in);
            if (look(type, body) == Verdict.CUT) {
                return;
            }
            write(out, type, body);
            // Sync, Query, CopyDone, CopyFail, Flush, password, Terminate: the other side must hear of it.
            if ("SQcfHpX".indexOf(type) >= 0) {
                out.flush();
            }
        }
    }

    private boolean startUp(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            byte[] body = body(in);
            int code = new DataInputStream(new ByteArrayInputStream(body)).readInt();
            if (code == SSL_REQUEST || code == GSS_REQUEST) {
                program.getOutputStream().write('N');
                continue;
            }
            out.writeInt(body.length + 4);
            out.write(body);
            out.flush();
            if (code == CANCEL_REQUEST) {
                return false;
            }
            unanswered.add(List.of());
            run("from the server", this::fromServer);
            return true;
        }
    }

    private Verdict look(int type, byte[] body) {
        switch (type) {
            case 'P' -> statements.put(text(body, 0), text(body, 1));
            case 'B' -> portals.put(text(body, 0), statements.getOrDefault(text(body, 1), ""));
            case 'E' -> {
                return sent(portals.getOrDefault(text(body, 0), ""));
            }
            case 'Q' -> {
                Verdict verdict = sent(text(body, 0));
                endBatch();
                return verdict;
            }
            case 'S' -> endBatch();
            default -> {}
        }
        return Verdict.PASS;
    }

    private void endBatch() {
        unanswered.add(batch);
        batch = new ArrayList<>();
    }

    private Verdict sent(String sql) {
        if (Sent.readsToken(sql)) {
            place = Place.ENTERED;
            ordinal = 0;
        } else if (place != Place.OUTSIDE) {
            ordinal++;
            if (place == Place.ENTERED) {
                place = Sent.told(sql);
            }
        }
        Sent statement = new Sent(this, sql, place, ordinal);
        batch.add(statement);
        Verdict verdict = proxy.watcher().sent(statement);
        if (Sent.ends(sql)) {
            place = Place.OUTSIDE;
            ordinal = 0;
        }
        return verdict;
    }

    /** The n-th of the texts that a message begins with. */
    private static String text(byte[] body, int n) {
        int start = 0;
        for (int skipped = 0; skipped < n; skipped++) {
            start = end(body, start) + 1;
        }
        return new String(body, start, end(body, start) - start, StandardCharsets.UTF_8);
    }

    private static int end(byte[] body, int start) {
        int end = start;
        while (end < body.length && body[end] != 0) {
            end++;
        }
        return end;
    }

    // ---- from the server to the program

    private void fromServer() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(program.getOutputStream(), 1 << 16));
        boolean ready = false;
        while (true) {
            int type = first(in, out);
            byte[] body = body(in);
            if (type == 'K') {
                backend = new DataInputStream(new ByteArrayInputStream(body)).readInt();
            }
            if (type == 'Z') {
                ready = true;
                if (answered() == Verdict.CUT) {
                    return;
                }
            }
            write(out, type, body);
            // An answer goes out as a whole, behind the watcher's word; what the program waits for meanwhile does not.
            if (!ready || "ZGHWA".indexOf(type) >= 0) {
                out.flush();
            }
        }
    }

    /** When the server has gone, what it said last must still arrive. */
    private static int first(DataInputStream in, DataOutputStream out) throws IOException {
        try {
            return in.readUnsignedByte();
        } catch (EOFException end) {
            out.flush();
            throw end;
        }
    }

    private Verdict answered() {
        List<Sent> answered = unanswered.peek();
        Verdict verdict = Verdict.PASS;
        if (answered != null) {
            for (Sent statement : answered) {
                if (proxy.watcher().answered(statement) == Verdict.CUT) {
                    verdict = Verdict.CUT;
                }
            }
            unanswered.poll();
        }
        return verdict;
    }

    private static byte[] body(DataInputStream in) throws IOException {
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        return body;
    }

    private static void write(DataOutputStream out, int type, byte[] body) throws IOException {
        out.write(type);
        out.writeInt(body.length + 4);
        out.write(body);
    }
}
