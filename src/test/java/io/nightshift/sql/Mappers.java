package io.nightshift.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import java.util.List;

/** Mappers written down in a test. */
final class Mappers {

    private Mappers() {}

    /** The statement {@code things.it}, a select of this SQL. */
    static Statement select(String sql) {
        return statement("<select id=\"it\">\n/* nightshift: things.it */\n" + sql + "</select>");
    }

    /** The statement {@code things.it} of a mapper with this content. */
    static Statement statement(String content) {
        Problems problems = new Problems();
        Statements statements = Statements.read(List.of(mapper(content)), problems);
        assertThat(problems.all()).isEmpty();
        return statements.get("things.it");
    }

    /** Whatever is wrong with a mapper of this content, as it is printed. */
    static List<String> problemsOf(String content) {
        return problemsOf(mapper(content));
    }

    static List<String> problemsOf(ContentFile... files) {
        Problems problems = new Problems();
        Statements.read(List.of(files), problems);
        return problems.all().stream().map(Problem::text).toList();
    }

    static ContentFile mapper(String content) {
        return new ContentFile("mappers/things.xml", "<mapper namespace=\"things\">\n" + content + "\n</mapper>\n");
    }
}
