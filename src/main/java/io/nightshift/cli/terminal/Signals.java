package io.nightshift.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Listens to Ctrl-C, SIGTERM and SIGHUP while something is under way: the first asks it to stop when it next can, any
 * further one to stop at once. The process does not end by itself, so that what was stopped can say how it stands.
 */
public final class Signals implements AutoCloseable {

    private record Heard(Signal signal, SignalHandler before) {}

    private final List<Heard> heard = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();

    private Signals() {}

    /** @param first and {@code further} are told the signal's name; called from a thread of the JVM's own */
    public static Signals listen(Consumer<String> first, Consumer<String> further) {
        Signals signals = new Signals();
        Stream.of("INT", "TERM", "HUP").forEach(name -> signals.listen(new Signal(name), first, further));
        return signals;
    }

    private void listen(Signal signal, Consumer<String> first, Consumer<String> further) {
        SignalHandler before = Signal.handle(signal, received -> (count.incrementAndGet() == 1 ? first : further)
                .accept("SIG" + received.getName()));
        if (before == SignalHandler.SIG_IGN) {
            // Whoever started us wants us to outlive it (nohup).
            Signal.handle(signal, SignalHandler.SIG_IGN);
        } else {
            heard.add(new Heard(signal, before));
        }
    }

    /** From now on signals do again what they did before. */
    @Override
    public void close() {
        heard.forEach(one -> Signal.handle(one.signal(), one.before()));
        heard.clear();
    }
}
