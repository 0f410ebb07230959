package io.nightshift.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nightshift.TestHome;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseChoiceTest {

    private static final Map<String, String> GENERAL = Map.of("DATABASE_URL", "postgres://general@elsewhere/other");

    @TempDir
    private Path directory;

    private TestHome files;

    @BeforeEach
    void homeWithContentOfItsOwn() {
        files = TestHome.in(directory).with("jobs/load-users.yml", "");
    }

    @Test
    void nothingSetMeansTheEmbeddedServer() {
        assertThat(choice(Map.of()).configured()).isEmpty();
    }

    @Test
    void theGeneralVariableIsUsedWhenNothingElseIsSet() {
        assertThat(target(GENERAL).toString()).isEqualTo("elsewhere:5432/other as general");
    }

    @Test
    void theHomesOwnSettingComesFirstAndSaysSo() {
        settings("url: postgres://own@here/mine");
        assertThat(target(GENERAL).toString()).isEqualTo("here:5432/mine as own");
        assertThat(choice(GENERAL).remarks())
                .containsExactly("DATABASE_URL is set too and not used: nightshift.database.url comes first.");
    }

    @Test
    void embeddedMeansEmbeddedWhateverElseIsSet() {
        settings("embedded: true", "url: postgres://own@here/mine");
        assertThat(choice(GENERAL).configured()).isEmpty();
    }

    @Test
    void shippedContentWorksOnTheEmbeddedServerOnly() throws Exception {
        Path empty = Files.createDirectories(directory.resolve("empty"));
        files = TestHome.in(empty);
        settings("url: postgres://own@here/mine");
        assertThat(choice(GENERAL).configured()).isEmpty();
        assertThat(choice(GENERAL).remarks()).hasSize(1);
    }

    @Test
    void thePasswordOfAFileComesBeforeThatOfTheAddress() throws Exception {
        secretFile("rw-------");
        settings("url: postgres://own:old@here/mine", "password-file: secret");
        assertThat(target(Map.of()).password()).isEqualTo("from the file");
    }

    @Test
    void thePasswordSettingComesBeforeAll() throws Exception {
        secretFile("rw-------");
        settings("url: postgres://own:old@here/mine", "password-file: secret", "password: set");
        assertThat(target(Map.of()).password()).isEqualTo("set");
    }

    @Test
    void aPasswordFileThatOthersCanReadIsRefused() throws Exception {
        secretFile("rw-r-----");
        settings("url: postgres://own@here/mine", "password-file: secret");
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> choice(Map.of()));
        assertThat(refused.problems().get(0).what()).isEqualTo("can be read by others.");
        assertThat(refused.problems().get(0).where())
                .isEqualTo(directory.resolve("secret") + " (nightshift.database.password-file)");
    }

    @Test
    void aSchemaThatNeedsQuotesIsRefused() {
        files.with("config/application.yml", "nightshift:\n  schema: Night-Shift\n");
        assertThat(catchThrowableOfType(ProblemException.class, () -> choice(Map.of())))
                .hasMessageContaining("\"Night-Shift\" cannot be the schema of our own tables.");
    }

    @Test
    void theSearchPathIsReadAsTheServerWould() {
        assertThat(SearchPath.of("Sales, \"Old \"\"Data\", public").schemas())
                .containsExactly("sales", "Old \"Data", "public");
        assertThat(SearchPath.of("Sales,\"Old Data\"").quoted()).isEqualTo("\"sales\", \"Old Data\"");
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> SearchPath.of("sales public")))
                .hasMessageContaining("is not a list of schemas");
    }

    private void secretFile(String permissions) throws Exception {
        files.with("secret", "from the file\n");
        Files.setPosixFilePermissions(directory.resolve("secret"), PosixFilePermissions.fromString(permissions));
    }

    private void settings(String... lines) {
        files.with("config/application.yml", "nightshift:\n  database:\n    " + String.join("\n    ", lines) + "\n");
    }

    private Target target(Map<String, String> environment) {
        return choice(environment).configured().orElseThrow().target();
    }

    private DatabaseChoice choice(Map<String, String> environment) {
        Home home = files.home();
        return DatabaseChoice.of(home, Settings.of(home), environment);
    }
}
