package io.nightshift.content;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.Resource;

/** Says where a setting was found: file and line, environment variable or system property. */
record SettingPlace(Path root) {

    String of(String name, @Nullable Origin origin) {
        if (origin instanceof TextResourceOrigin text) {
            int line = text.getLocation() == null ? 1 : text.getLocation().getLine() + 1;
            return file(text.getResource()) + ":" + line + " (" + name + ")";
        }
        return origin instanceof PropertySourceOrigin source ? outside(name, source) : name;
    }

    private String outside(String name, PropertySourceOrigin origin) {
        return switch (origin.getPropertySource().getName()) {
            case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME ->
                "environment variable " + origin.getPropertyName();
            case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME ->
                "system property " + origin.getPropertyName();
            default -> origin.getOrigin() == null ? name : of(name, origin.getOrigin());
        };
    }

    private String file(@Nullable Resource resource) {
        try {
            return resource == null
                    ? "config"
                    : root.relativize(resource.getFile().toPath()).toString().replace('\\', '/');
        } catch (java.io.IOException | IllegalArgumentException e) {
            return String.valueOf(resource);
        }
    }
}
