package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonArrayLiteralTest {

    @Test
    void elementsAreWrittenAsPostgresReadsThem() {
        assertThat(literal("[]")).isEqualTo("{}");
        assertThat(literal(" [1, -2.50e3 ,true,false,null] ")).isEqualTo("{1,-2.50e3,true,false,NULL}");
        assertThat(literal("[\"a\",\"\",\"NULL\",\"b,{c}\",\"q\\\"\\\\\",\"\\u00fc\\n\"]"))
                .isEqualTo("{\"a\",\"\",\"NULL\",\"b,{c}\",\"q\\\"\\\\\",\"ü\n\"}");
    }

    @Test
    void nestedArraysAreFurtherDimensionsAndObjectsAreText() {
        assertThat(literal("[[1,2],[3,null]]")).isEqualTo("{{1,2},{3,NULL}}");
        assertThat(literal("[{\"a\": [1, \"x\"]}, {}]")).isEqualTo("{\"{\\\"a\\\": [1, \\\"x\\\"]}\",\"{}\"}");
        assertThat(literal("[\"{\",[\"}\"]]")).isEqualTo("{\"{\",{\"}\"}}");
    }

    @Test
    void textThatPostgresCannotStoreIsAFault() {
        assertThat(JsonArrayLiteral.of("[\"\\u0000\"]").storable()).isFalse();
        assertThat(JsonArrayLiteral.of("[\"\\udc00\"]").fault())
                .isEqualTo("has half a surrogate pair, \\udc00, which is no text");
    }

    @Test
    void whatIsNoArrayIsABug() {
        assertThatThrownBy(() -> JsonArrayLiteral.of("{}")).isInstanceOf(IllegalArgumentException.class);
    }

    private static String literal(String json) {
        return JsonArrayLiteral.of(json).value();
    }
}
