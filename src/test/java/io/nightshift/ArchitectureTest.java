package io.nightshift;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The layout of the code as a test. Every rule is tried twice: our code keeps it, and a fixture is seen to break it. */
class ArchitectureTest {

    private static final String CODE = "io.nightshift";
    private static final String FIXTURE = "io.nightshift.architecture.fixture";

    /** A package may use those in later rows; {@code step.*} are the kinds of step. */
    private static final List<List<String>> LEFT_TO_RIGHT = List.of(
            List.of("cli", "web"),
            List.of("cli.invocation", "cli.answer"),
            List.of("cli.terminal"),
            List.of("schedule", "migrate"),
            List.of("run"),
            List.of("run.replay", "run.plan", "run.prove"),
            List.of("run.attempt", "run.history"),
            List.of("run.claim", "run.work"),
            List.of("run.books"),
            List.of("step.*"),
            List.of("keyed"),
            List.of("step"),
            List.of("prove", "rehearse"),
            List.of("chunk", "health"),
            List.of("health.signal"),
            List.of("sql", "database", "job.file"),
            List.of("job", "job.yaml"),
            List.of("content"),
            List.of("problem"));

    /** Of the libraries that we have; Spring MVC gets its row with the first page of the console. */
    private static final List<Fence> FENCES = List.of(
            new Fence("picocli..", "cli"),
            new Fence("me.tongfei.progressbar..", "cli.terminal"),
            new Fence("org.quartz..", "schedule"),
            new Fence("com.cronutils..", "job", "schedule"),
            new Fence("org.springframework.batch..", "chunk", "step", "run"),
            new Fence("org.apache.ibatis..", "sql"),
            new Fence("org.yaml..", "job"),
            new Fence("com.zaxxer.hikari..", "database"),
            new Fence("org.flywaydb..", "migrate", "database"),
            new Fence("com.samskivert.mustache..", "step.report"),
            new Fence("org.apache.commons.compress..", "database", "step.load"),
            new Fence("org.tukaani.xz..", "database"));

    private static final Set<String> ENDINGS = Set.of("Util", "Utils", "Helper", "Manager", "Impl", "Service", "Base");
    private static final int MOST_PARAMETERS = 5;

    /** What has to be public though no other package of ours needs it: Java and the driver begin there. */
    private static final Set<String> NAMED_ELSEWHERE =
            Set.of("io.nightshift.Nightshift", "io.nightshift.database.KeepAliveSockets");

    private static final int MOST_FILES = 15;
    private static final int MOST_LINES = 300;

    /** What is larger, and how large it may be; an entry that is not needed any more is a fault too. */
    private static final Map<String, Integer> LARGER = Map.ofEntries(
            Map.entry("chunk", 34),
            Map.entry("step/load/record", 24),
            Map.entry("cli", 25),
            Map.entry("database", 19),
            Map.entry("schedule", 17),
            Map.entry("content", 16),
            Map.entry("sql/mapper", 16));

    private static final JavaClasses OUR_CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(CODE);
    private static final JavaClasses BAD_CODE = new ClassFileImporter().importPackages(FIXTURE);

    /** A library and the only packages that may know it. */
    private record Fence(String library, String... packages) {}

    /** A rule for the tree of packages below a root. */
    private record Rule(String name, ArchRule code, ArchRule fixture) {

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void ourCodeKeeps(Rule rule) {
        rule.code().allowEmptyShould(true).check(OUR_CODE);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theFixtureIsSeenToBreak(Rule rule) {
        assertThat(rule.fixture().evaluate(BAD_CODE).hasViolation()).isTrue();
    }

    @Test
    void noPackageAndNoFileIsTooLarge() throws IOException {
        assertThat(sizes(Path.of("src/main/java/io/nightshift"), LARGER)).isEmpty();
    }

    @Test
    void whatIsTooLargeIsSeen(@TempDir Path root) throws IOException {
        Files.createDirectory(root.resolve("crowded"));
        for (int file = 0; file <= MOST_FILES; file++) {
            Files.writeString(root.resolve("crowded/File" + file + ".java"), "");
        }
        Files.writeString(root.resolve("crowded/package-info.java"), "");
        Files.writeString(root.resolve("Long.java"), "\n".repeat(MOST_LINES + 1));

        assertThat(sizes(root, Map.of()))
                .containsExactly("Long.java has 301 lines, 300 are allowed", "crowded has 16 files, 15 are allowed");
        assertThat(sizes(root, Map.of("crowded", 16, "Long.java", 301))).isEmpty();
        assertThat(sizes(root, Map.of("crowded", 17, "Long.java", 301, "gone", 20)))
                .containsExactly("gone has 0 files, and needs no exception");
    }

    @Test
    void aNeighbourIsTakenWithAllBelowIt() {
        assertThat(leftOf("web")).contains("cli", "cli.answer", "cli.terminal");
        assertThat(leftOf("chunk")).contains("health", "health.signal");
        assertThat(leftOf("health")).contains("chunk").doesNotContain("health.signal");
    }

    static Stream<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        BiConsumer<String, Function<String, ArchRule>> add =
                (name, rule) -> rules.add(new Rule(name, rule.apply(CODE), rule.apply(FIXTURE)));
        add.accept(
                "packages have no cycles",
                root -> slices().matching(root + ".(**)").should().beFreeOfCycles());
        add.accept(
                "kinds of step do not name each other",
                root -> slices().matching(root + ".step.(*)..").should().notDependOnEachOther());
        add.accept("nobody names a kind of step", ArchitectureTest::kindsAreInjected);
        add.accept("proving a load knows nothing of writing it", root -> noClasses()
                .that()
                .resideInAPackage(root + ".step.load.prove")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".step.load.write"));
        add.accept("statements and connections know no job", root -> noClasses()
                .that()
                .resideInAnyPackage(root + ".sql..", root + ".database..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".job.."));
        LEFT_TO_RIGHT.forEach(row -> row.stream()
                .filter(name -> !leftOf(name).isEmpty())
                .forEach(name ->
                        add.accept(name + " uses only what is to its right", root -> onlyToTheRight(root, name))));
        FENCES.forEach(fence -> add.accept(
                "only " + String.join(", ", fence.packages()) + " knows " + fence.library(),
                root -> fenced(root, fence)));
        ENDINGS.forEach(ending -> add.accept(
                "no class is a " + ending, root -> noClasses().should().haveSimpleNameEndingWith(ending)));
        add.accept("no class is Abstract by name", root -> noClasses().should().haveSimpleNameStartingWith("Abstract"));
        add.accept(
                "no interface begins with I",
                root -> noClasses().that().areInterfaces().should().haveNameMatching(".*[.$]I[A-Z][^.$]*"));
        add.accept(
                "nothing is autowired",
                root -> noMembers().should().beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired"));
        add.accept("constructors are short", root -> classes().should(haveShortConstructors()));
        add.accept("types are public when another package needs them", root -> classes()
                .should(bePublicForSomebody()));
        add.accept("every package says what it is for and is null-marked", root -> classes()
                .should(lieInNullMarkedPackages()));
        return rules.stream();
    }

    private static List<String> sizes(Path root, Map<String, Integer> larger) throws IOException {
        Map<String, Integer> files = new TreeMap<>();
        Map<String, Integer> lines = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path file :
                    tree.filter(path -> path.toString().endsWith(".java")).toList()) {
                String name = root.relativize(file).toString().replace(File.separatorChar, '/');
                lines.put(name, Files.readAllLines(file).size());
                if (!name.endsWith("package-info.java")) {
                    files.merge(name.substring(0, Math.max(0, name.lastIndexOf('/'))), 1, Integer::sum);
                }
            }
        }
        List<String> faults = new ArrayList<>();
        lines.forEach((name, size) -> fault(name, size, "lines", larger.getOrDefault(name, MOST_LINES))
                .ifPresent(faults::add));
        files.forEach((name, size) -> fault(name, size, "files", larger.getOrDefault(name, MOST_FILES))
                .ifPresent(faults::add));
        larger.keySet().stream().sorted().forEach(name -> {
            boolean file = name.endsWith(".java");
            int size = (file ? lines : files).getOrDefault(name, 0);
            if (size <= (file ? MOST_LINES : MOST_FILES)) {
                faults.add("%s has %d %s, and needs no exception".formatted(name, size, file ? "lines" : "files"));
            }
        });
        return faults;
    }

    private static Optional<String> fault(String name, int size, String unit, int allowed) {
        return size > allowed
                ? Optional.of("%s has %d %s, %d are allowed".formatted(name, size, unit, allowed))
                : Optional.empty();
    }

    private static ArchRule kindsAreInjected(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".step.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".step.*..");
    }

    private static ArchRule onlyToTheRight(String root, String name) {
        return noClasses()
                .that()
                .resideInAPackage(pattern(root, name))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        leftOf(name).stream().map(left -> pattern(root, left)).toArray(String[]::new));
    }

    /** All packages that are not to the right of this one, its neighbours in the row included. */
    private static List<String> leftOf(String name) {
        List<String> left = new ArrayList<>();
        for (List<String> row : LEFT_TO_RIGHT) {
            row.stream().filter(other -> !other.equals(name)).forEach(left::add);
            if (row.contains(name)) {
                row.stream().filter(other -> !other.equals(name)).forEach(other -> left.addAll(partsOf(other, name)));
                break;
            }
        }
        return left;
    }

    /** What is below a neighbour is no more this one's business than the neighbour is, however far to the right. */
    private static List<String> partsOf(String neighbour, String name) {
        return LEFT_TO_RIGHT.stream()
                .flatMap(List::stream)
                .filter(other -> other.startsWith(neighbour + ".") && !other.equals(name))
                .toList();
    }

    /** A package with all below it, unless those have rows of their own. */
    private static String pattern(String root, String name) {
        boolean parted = LEFT_TO_RIGHT.stream().flatMap(List::stream).anyMatch(other -> other.startsWith(name + "."));
        return root + "." + name + (parted ? "" : "..");
    }

    private static ArchRule fenced(String root, Fence fence) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(Arrays.stream(fence.packages())
                        .map(name -> root + "." + name + "..")
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(fence.library());
    }

    private static ArchCondition<JavaClass> haveShortConstructors() {
        return new ArchCondition<>("have constructors of at most " + MOST_PARAMETERS + " parameters") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (type.isRecord() || type.isEnum()) {
                    return;
                }
                type.getConstructors().stream()
                        .filter(constructor ->
                                constructor.getRawParameterTypes().size() > MOST_PARAMETERS)
                        .forEach(constructor -> events.add(SimpleConditionEvent.violated(
                                constructor, constructor.getDescription() + " wants a record")));
            }
        };
    }

    /** A type is needed, too, where only one inside of it is named. */
    private static ArchCondition<JavaClass> bePublicForSomebody() {
        return new ArchCondition<>("be public for somebody") {
            private final Set<String> needed = new HashSet<>(NAMED_ELSEWHERE);

            @Override
            public void init(Collection<JavaClass> types) {
                types.forEach(type -> type.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .filter(used -> !used.getPackageName().equals(type.getPackageName()))
                        .forEach(used -> needed.add(used.getName().replaceFirst("\\$.*", ""))));
            }

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (type.isTopLevelClass()
                        && type.getModifiers().contains(JavaModifier.PUBLIC)
                        && !needed.contains(type.getName())) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is public for nobody"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> lieInNullMarkedPackages() {
        return new ArchCondition<>("lie in a package with a package-info that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                    events.add(
                            SimpleConditionEvent.violated(type, type.getPackageName() + " has no such package-info"));
                }
            }
        };
    }
}
