package io.nightshift.step.load.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.Dialect;
import io.nightshift.step.load.record.Position;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.record.RecordReader;
import io.nightshift.step.load.record.RecordReaders;
import io.nightshift.step.load.table.KeyColumn;
import io.nightshift.step.load.table.Mapping;
import io.nightshift.step.load.table.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To which piece a record goes. */
class DealingTest {

    private static final int PIECES = 1009;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INTEGER | 7;+7;007;~7;7~;0x7;0X07;0o7;0b111;0_7;\"7\"",
                "INTEGER | -1;-01;~~-1;-0x1",
                "INTEGER | 0;-0;00;+0",
                "INTEGER | 9223372036854775807;+9223372036854775807;0x7fffffffffffffff;9_223_372_036_854_775_807",
                "UUID    | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11;A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11;{a0eebc999c0b4ef8bb6d6bb9bd380a11};a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
                "TEXT    | Zoë;Zoë ;\"Zoë\";\"Zoë   \"",
                "TEXT    | ;"
            })
    void textsOfOneValueGoToOnePiece(KeyColumn.Kind kind, String texts) throws IOException {
        assertThat(pieces(kind, spellings(texts))).as(texts).hasSizeGreaterThan(1);
        assertThat(pieces(kind, spellings(texts)).stream().distinct()).as(texts).hasSize(1);
    }

    @Test
    void differentValuesAreSpreadEvenly() throws IOException {
        List<String> numbers = IntStream.range(0, 20_000)
                .mapToObj(i -> Integer.toString(8 * i))
                .toList();
        for (KeyColumn.Kind kind : KeyColumn.Kind.values()) {
            Map<Integer, Integer> counts = new LinkedHashMap<>();
            pieces(kind, numbers).forEach(piece -> counts.merge(piece % 8, 1, Integer::sum));
            assertThat(counts.values()).as(kind.name()).hasSize(8).allMatch(count -> count > 2_000 && count < 3_000);
        }
    }

    private static List<String> spellings(String texts) {
        return List.of(texts.replace('~', ' ').split(";", -1));
    }

    private List<Integer> pieces(KeyColumn.Kind kind, List<String> texts) throws IOException {
        Path path = Files.writeString(directory.resolve("in.csv"), "other,key\n," + String.join("\n,", texts) + "\n");
        Dialect dialect =
                new Dialect(Dialect.Format.CSV, true, ',', '"', "", StandardCharsets.UTF_8, ZoneOffset.UTC, 1 << 20);
        Target.Column column = new Target.Column("key", "text", false, false, Optional.empty());
        Map<String, Optional<Target.Column>> fields = new LinkedHashMap<>();
        fields.put("other", Optional.empty());
        fields.put("key", Optional.of(column));
        try (RecordReader reader = RecordReaders.open(path, dialect, Position.START)) {
            Dealing.Dealer dealer = Dealing.byKey(PIECES, List.of(new KeyColumn(kind, "key")))
                    .dealer(new OpenFile(
                            new InputFile(1, path, 0, "", false), new Mapping(fields, List.of(column)), reader));
            List<Integer> pieces = new ArrayList<>();
            for (Record record = reader.next(); record != null; record = reader.next()) {
                pieces.add(dealer.piece(record));
            }
            return pieces;
        }
    }
}
