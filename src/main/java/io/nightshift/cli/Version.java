package io.nightshift.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** As the jar's manifest has it. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String number = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("from compiled classes");
        return new String[] {"nightshift " + number, "Java " + Runtime.version() + ", " + System.getProperty("os.name")
        };
    }
}
