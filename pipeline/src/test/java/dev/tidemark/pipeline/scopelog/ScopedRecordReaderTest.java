package dev.tidemark.pipeline.scopelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.scopelog.core.ScopedRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScopedRecordReaderTest {
  private static final String ROW =
      "{\"id\":5,\"name\":\"\\u00e9\u00e9 \\\"}\\\"\",\"big\":12345678901234567890.10,\"deep\":{\"type\":[1,{}]}}";

  @Test
  void aPutIsReadAndItsChangeCutOut() throws IOException {
    ScopedRecord record = read(write(Kind.PUT, "town/1", new Origin("tablet", "an-operation")));
    assertThat(record.scope()).isEqualTo("town/1");
    assertThat(record.scopes()).containsExactly("town/1", "user/7");
    assertThat(record.type()).isEqualTo("ticket");
    assertThat(record.id()).isEqualTo("5");
    assertThat(record.kind()).isEqualTo(Kind.PUT);
    assertThat(record.version()).isEqualTo(new Version(1, 77));
    assertThat(record.transaction()).isEqualTo(755);
    assertThat(record.committedMicros()).isEqualTo(1_768_904_130_123_456L);
    assertThat(record.device()).isEqualTo("tablet");
    assertThat(WireSerdes.exactJson().readTree(record.change()))
        .isEqualTo(
            WireSerdes.exactJson()
                .readTree(write(Kind.PUT, "town/1", new Origin("tablet", "an-operation")))
                .get("change"));
  }

  @Test
  void aRemovalOfUnknownScopesIsRead() {
    ScopedRecord record = read(write(Kind.REMOVE, null, new Origin(null, "a-job")));
    assertThat(record.scope()).isNull();
    assertThat(record.device()).isNull();
    assertThat(record.kind()).isEqualTo(Kind.REMOVE);
  }

  @Test
  void whatItDoesNotKnowItPassesOver() {
    String json = write(Kind.REMOVE, "town/1", null);
    String extended =
        json.replace("{\"scope\"", "{\"new\":{\"change\":{\"type\":1}},\"scope\"")
            .replace("\"kind\"", "\"also\":[{\"id\":\"6\"}],\"kind\"");
    assertThat(read(extended).id()).isEqualTo("5");
  }

  @Test
  void garbageIsRefused() {
    String json = write(Kind.REMOVE, "town/1", null);
    for (String garbage :
        List.of(
            "",
            "{",
            "[]",
            "{}",
            "null",
            json + "{}",
            json.replace("\"change\":", "\"chance\":"),
            json.replace("remove", "upsert"),
            json.replace("\"id\":\"5\",", ""),
            json.replace("0001-", "1-"),
            json.replace("\"transaction\":755", "\"transaction\":\"many\""),
            json.replace("2026-01-20T10:15:30.123456Z", "today"))) {
      assertThatThrownBy(() -> read(garbage))
          .as(garbage)
          .isInstanceOf(SerializationException.class);
    }
  }

  private static ScopedRecord read(String json) {
    return ScopedRecordReader.read(json.getBytes(UTF_8));
  }

  private static String write(Kind kind, @Nullable String scope, @Nullable Origin origin) {
    ObjectNode row;
    try {
      row = (ObjectNode) WireSerdes.exactJson().readTree(ROW);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    ScopedChange change =
        new ScopedChange(
            scope,
            List.of("town/1", "user/7"),
            "ticket",
            "5",
            kind,
            new Version(1, 77),
            755,
            Instant.parse("2026-01-20T10:15:30.123456Z"),
            origin,
            kind == Kind.PUT ? row : null);
    return new String(WireSerdes.scopedChange().serializer().serialize("a-topic", change), UTF_8);
  }
}
