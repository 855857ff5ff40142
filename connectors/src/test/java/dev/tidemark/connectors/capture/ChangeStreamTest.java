package dev.tidemark.connectors.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class ChangeStreamTest {
  private static final Schema TRANSACTION =
      SchemaBuilder.struct().field("status", Schema.STRING_SCHEMA).build();

  @Test
  void aTransactionThatHasNotEndedIsNoneOfTheWhole() {
    assertThat(whole("BEGIN", "a change", "END", "BEGIN", "a change")).isEqualTo(3);
    assertThat(whole("a change", "END", "BEGIN")).isEqualTo(2);
    assertThat(whole("BEGIN", "a change")).isZero();
  }

  @Test
  void whatBelongsToNoTransactionIsWhole() {
    assertThat(whole("BEGIN", "a change", "END", "a notification")).isEqualTo(4);
    assertThat(whole("a notification")).isEqualTo(1);
    assertThat(whole()).isZero();
  }

  private static int whole(String... records) {
    return ChangeStream.whole(Stream.of(records).map(ChangeStreamTest::record).toList());
  }

  private static SourceRecord record(String what) {
    boolean isMark = what.equals("BEGIN") || what.equals("END");
    return isMark
        ? new SourceRecord(
            Map.of(),
            Map.of(),
            DebeziumTask.TRANSACTIONS,
            TRANSACTION,
            new Struct(TRANSACTION).put("status", what))
        : new SourceRecord(Map.of(), Map.of(), "a topic", Schema.STRING_SCHEMA, what);
  }
}
