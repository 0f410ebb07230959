package io.nightshift.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementsTest {

    /** Line 3 of the file is the tag, line 4 the SQL. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT ${column} FROM things | mappers/things.xml:4: ${} pastes text into the SQL. "
                        + "| Write #{name}, which binds a value. Table and column names are written out.",
                "SELECT #{id,jdbcType=BIGINT} | mappers/things.xml:4: #{id,jdbcType=BIGINT} has options. "
                        + "| Write #{id}: a value is bound in its declared type; use a cast for another one.",
                "SELECT #{id:BIGINT} | mappers/things.xml:4: #{id:BIGINT} has options. "
                        + "| Write #{id}: a value is bound in its declared type; use a cast for another one.",
                "SELECT #{id | mappers/things.xml:4: #{ is not closed. | Write #{name}.",
                "SELECT #{older-than} | mappers/things.xml:4: #{older-than} is no name. "
                        + "| Write a parameter in camelCase, or keys, or keys.column.",
                "SELECT '#{id}' | mappers/things.xml:4 (things.it): #{} stands inside a quote or comment. "
                        + "| Take the quotes away: #{name} is a value already.",
                "SELECT 1; | mappers/things.xml:4 (things.it): the statement ends with a semicolon. | Take it out.",
                "SELECT 1; SELECT 2 | mappers/things.xml:4 (things.it): there are several statements in one. "
                        + "| Write one element for each statement, and name them all in the step.",
                "SELECT 'open | mappers/things.xml:4 (things.it): a quote or comment begins here and never ends. | Close it.",
                "SELECT data ? 'a' FROM things | mappers/things.xml:4 (things.it): a question mark stands for a value without a name. "
                        + "| For a value write #{name}, for the operator of jsonb write ??",
                "DELETE FROM things | mappers/things.xml:2 (things.it): <select> contains DELETE. | Write <delete id=\"it\">.",
                "ANALYZE things | mappers/things.xml:2 (things.it): <select> contains ANALYZE. | Write <update id=\"it\">.",
                "COMMIT | mappers/things.xml:2 (things.it): COMMIT would change the transaction or session, which belong to the engine. "
                        + "| Take it out: each chunk is one transaction; time-outs are set in the step.",
                "<!-- nothing --> | mappers/things.xml:2 (things.it): the statement is empty. | Write its SQL, or take the element out.",
                "SELECT <choose/> | mappers/things.xml:4: <choose> may not stand in <select>. | Write it with <if>, or as two statements.",
                "SELECT <bind name=\"a\" value=\"1\"/> | mappers/things.xml:4: <bind> may not stand in <select>. "
                        + "| It runs code: compute the value in SQL.",
                "SELECT 1 <foreeach/> | mappers/things.xml:4: <foreeach> may not stand in <select>. | Did you mean \"foreach\"?",
                "SELECT 1 <if>AND 1</if> | mappers/things.xml:4: <if> has no test. | Write <if test=\"...\">.",
                "SELECT 1 <if tset=\"a\" test=\"a\">AND 1</if> | mappers/things.xml:4: <if> has an attribute tset. | Did you mean \"test\"?",
                "SELECT 1 <if test=\"@System@exit(1)\">AND 1</if> | mappers/things.xml:4: test=\"@System@exit(1)\": "
                        + "\"@System@exit(1)\" is not understood. "
                        + "| A test may compare names with null, numbers, texts and each other, joined by and, or, not.",
                "SELECT 1 <if test=\"name.length() &gt; 1\">AND 1</if> | mappers/things.xml:4: test=\"name.length() > 1\": "
                        + "\"(\" is not expected there. "
                        + "| A test may compare names with null, numbers, texts and each other, joined by and, or, not.",
                "SELECT <include refid=\"colums\"/> | mappers/things.xml:4: there is no <sql id=\"colums\">. | Did you mean \"things.columns\"?",
                "SELECT <include refid=\"loop\"/> | mappers/things.xml:8: <sql id=\"loop\"> includes itself. | Take one of the includes out.",
                "SELECT 1 IN <foreach collection=\"a\" open=\"(${b}\" item=\"x\">#{x}</foreach> | mappers/things.xml:4: open contains \"(${b}\". "
                        + "| Only SQL itself may contain #{}; nothing may contain ${}.",
                "SELECT 1 IN <foreach collection=\"a\" item=\"x\">#{x.y}</foreach> | mappers/things.xml:2 (things.it): "
                        + "\"x.y\" asks for a part of an element, which has none. | Give each item a name of its own, and use it as #{item}.",
            })
    void saysWhatIsWrongWithAStatementAndWhatToWrite(String sql, String problem, String fix) {
        String content = "<select id=\"it\">\n/* nightshift: things.it */\n" + sql + "</select>\n\n"
                + "<sql id=\"columns\">id</sql>\n<sql id=\"loop\"><!-- a\n--><include refid=\"loop\"/></sql>";
        assertThat(Mappers.problemsOf(content)).containsExactly(problem + System.lineSeparator() + "  " + fix);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<mapper namespace=\"things\"><select></mapper> | mappers/a.xml:1: this is not well-formed XML: "
                        + "The element type \"select\" must be terminated by the matching end-tag \"</select>\". "
                        + "| Correct the XML there; in SQL write &lt; for <, and &amp; for &.",
                "<!DOCTYPE mapper [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><mapper namespace=\"a\">&a;</mapper> | mappers/a.xml:1: "
                        + "the DOCTYPE names \"\", which is not MyBatis' own. | Leave the DOCTYPE out, it is not needed.",
                "<!DOCTYPE mapper SYSTEM \"file:///etc/passwd\"><mapper namespace=\"a\"/> | mappers/a.xml:1: "
                        + "the DOCTYPE names \"file:///etc/passwd\", which is not MyBatis' own. | Leave the DOCTYPE out, it is not needed.",
                "<!DOCTYPE mapper SYSTEM \"https://mybatis.org/dtd/mybatis-3-mapper.dtd\" [<!ENTITY a \"b\">]><mapper namespace=\"a\"/> | mappers/a.xml:1: "
                        + "the DOCTYPE declares entities, elements or attributes of its own. "
                        + "| Leave the DOCTYPE out, and write shared SQL as <sql id=\"...\"> with <include refid=\"...\"/>.",
                "<mappers/> | mappers/a.xml:1: the root element is <mappers>. | A mapper file is <mapper namespace=\"table\"> ... </mapper>.",
                "<mapper/> | mappers/a.xml:1: <mapper> has no namespace. | Write <mapper namespace=\"...\">.",
                "<mapper namespace=\"a.b.C\"/> | mappers/a.xml:1: \"a.b.C\" is no namespace. "
                        + "| Write the table, or the schema and the table: namespace=\"posts\" or namespace=\"blog.posts\".",
                "<mapper namespace=\"a\">text</mapper> | mappers/a.xml:1: text stands directly in <mapper>. "
                        + "| Put it into a statement, or into an XML comment.",
                "<mapper namespace=\"a\"><cache/></mapper> | mappers/a.xml:1: <cache> may not stand in <mapper>. "
                        + "| Nightshift reads results itself: take it out.",
                "<mapper namespace=\"a\"><select id=\"b\" resultType=\"map\">/* nightshift: a.b */ SELECT 1</select></mapper> | mappers/a.xml:1: "
                        + "<select> has an attribute resultType. "
                        + "| Parameters are bound in their declared types and results are read by the engine: take it out.",
                "<mapper namespace=\"a\"><select>SELECT 1</select></mapper> | mappers/a.xml:1: <select> has no id. | Write <select id=\"...\">.",
                "<mapper namespace=\"a\"><select id=\"b\">SELECT 1</select></mapper> | mappers/a.xml:1 (a.b): "
                        + "the first line is not its tag, by which it is known in pg_stat_activity. | Begin it with the line /* nightshift: a.b */",
                "<mapper namespace=\"a\"><select id=\"b\">/* nightshift: a.b */ SELECT 1</select></mapper> | mappers/a.xml:1 (a.b): "
                        + "the first line is not its tag, by which it is known in pg_stat_activity. | Begin it with the line /* nightshift: a.b */",
            })
    void saysWhatIsWrongWithAFile(String text, String problem, String fix) {
        assertThat(Mappers.problemsOf(new ContentFile("mappers/a.xml", text)))
                .containsOnlyOnce(problem + System.lineSeparator() + "  " + fix);
    }

    @Test
    void tellsAllProblemsOfAllFilesAtOnceAndEachOnce() {
        ContentFile first =
                Mappers.mapper("<sql id=\"bad\">${x}</sql>\n" + reading("one") + reading("two") + reading("one"));
        ContentFile second =
                new ContentFile("mappers/more.xml", "<mapper namespace=\"things\">" + reading("two") + "</mapper>");

        assertThat(Mappers.problemsOf(first, second, new ContentFile("mappers/z.xml", "no xml")))
                .extracting(problem -> problem.lines().findFirst().orElseThrow())
                .containsExactly(
                        "mappers/things.xml:2: ${} pastes text into the SQL.",
                        "mappers/z.xml:1: this is not well-formed XML: Content is not allowed in prolog.",
                        "mappers/things.xml:7 (things.one): there is a statement of this name already, at mappers/things.xml:3.",
                        "mappers/more.xml:1 (things.two): there is a statement of this name already, at mappers/things.xml:5.");
    }

    @Test
    void aStatementWithProblemsIsKnownButNotFound() {
        Problems problems = new Problems();
        Statements statements =
                Statements.read(List.of(Mappers.mapper("<select id=\"it\">SELECT 1;</select>")), problems);

        assertThat(problems.all()).hasSize(2);
        assertThat(statements.ids()).containsExactly("things.it");
        assertThat(statements.find("things.it")).isEmpty();
        assertThat(statements.isBroken("things.it")).isTrue();
        assertThat(statements.isBroken("things.other")).isFalse();
    }

    @Test
    void aNamespaceMayLieInSeveralFilesAndHaveASchema() {
        ContentFile fragments = new ContentFile(
                "mappers/blog/columns.xml",
                "\uFEFF<?xml version=\"1.0\"?>\n"
                        + "<!DOCTYPE mapper PUBLIC \"-//mybatis.org//DTD Mapper 3.0//EN\" \"https://mybatis.org/dtd/mybatis-3-mapper.dtd\">\n"
                        + "<mapper namespace=\"blog.posts\"><sql id=\"columns\">id, title</sql></mapper>");
        ContentFile posts = new ContentFile(
                "mappers/blog/posts.xml",
                "<mapper namespace=\"blog.posts\"><select id=\"all\">\n  /* nightshift: blog.posts.all */\n"
                        + "  SELECT <include refid=\"columns\"/>, <include refid=\"blog.posts.columns\"/>\n  FROM blog.posts\n</select></mapper>");
        Problems problems = new Problems();
        Statements statements = Statements.read(List.of(fragments, posts), problems);

        assertThat(problems.all()).isEmpty();
        assertThat(statements.get("blog.posts.all").text())
                .isEqualTo("/* nightshift: blog.posts.all */\n  SELECT id, title, id, title\n  FROM blog.posts");
        assertThat(statements.get("blog.posts.all").where()).isEqualTo("mappers/blog/posts.xml:1 (blog.posts.all)");
    }

    @Test
    void theExampleInTheDocsHasNoProblems() throws IOException {
        String page = Files.readString(Path.of("docs/mappers.md"));
        int start = page.indexOf("<mapper");
        String example = page.substring(start, page.indexOf("```", start));

        assertThat(Mappers.problemsOf(new ContentFile("docs/mappers.md", example)))
                .isEmpty();
    }

    private static String reading(String id) {
        return "<select id=\"%s\">\n/* nightshift: things.%s */\nSELECT <include refid=\"bad\"/></select>"
                .formatted(id, id);
    }
}
