package io.nightshift.run.work;

import io.nightshift.step.StepKinds;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** Finds the kinds of step by injection: no code outside of their packages names one. */
public final class Kinds {

    private Kinds() {}

    public static StepKinds all() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Scan.class)) {
            return context.getBean(StepKinds.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ComponentScan("io.nightshift.step")
    static class Scan {}
}
