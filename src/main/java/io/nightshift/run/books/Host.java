package io.nightshift.run.books;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine this process is on, as others may know it. */
public final class Host {

    private Host() {}

    public static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
