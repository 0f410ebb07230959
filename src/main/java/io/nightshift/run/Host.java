package io.nightshift.run;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine this process is on, as others may know it. */
final class Host {

    private Host() {}

    static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
