package io.nightshift.database.embedded;

/** Keeps the embedded server running until it is closed; the last one of all processes that is closed stops it. */
public final class ServerLease implements AutoCloseable {

    private final ServerFolder folder;
    private final int port;
    private final Runnable giveBack;
    private boolean closed;

    ServerLease(ServerFolder folder, int port, Runnable giveBack) {
        this.folder = folder;
        this.port = port;
        this.giveBack = giveBack;
    }

    /** On 127.0.0.1. */
    public int port() {
        return port;
    }

    public String database() {
        return ServerFolder.DATABASE;
    }

    /** The role that owns the database; not a superuser. */
    public String role() {
        return ServerFolder.ROLE;
    }

    public String password() {
        return folder.password(ServerFolder.ROLE);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            giveBack.run();
        }
    }
}
