package dev.tidemark.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Records on topics outlive the program that wrote them. The files in {@code golden} are records as
 * they were written; whoever changes one breaks every consumer that reads the topic from its start.
 */
class WireSerdesTest {
  private static final Map<String, EntityChange> CHANGES = new LinkedHashMap<>();
  private static final Version VERSION = new Version(1, 0x16B3748);
  private static final Instant COMMITTED = Instant.parse("2026-01-20T10:15:30.123456Z");
  private static final EntityKey ACTIVITY = new EntityKey("activity", "123");
  private static final String DONE =
      """
      {"id":123,"municipality_id":3,"status":"DONE","visits":9007199254740993,\
      "latitude":"4.652151","ph":6.50,"tags":["dengue",null,"\\"a,b\\""],\
      "details":{"households":{"planned":13}},"started_at":"2026-01-18T08:15:00Z",\
      "photo":"/9j/","notes":null}""";
  private static final String IN_PROGRESS =
      DONE.replace("DONE", "IN_PROGRESS").replace("9007199254740993", "9007199254740992");

  static {
    CHANGES.put(
        "change-read",
        new EntityChange(
            "activity",
            ACTIVITY,
            ChangeKind.READ,
            new Version(1, 0),
            0,
            0,
            COMMITTED,
            null,
            row(DONE),
            List.of(),
            null,
            true));
    CHANGES.put(
        "change-insert",
        change(ACTIVITY, ChangeKind.INSERT, null, row(IN_PROGRESS), List.of(), null));
    CHANGES.put(
        "change-update",
        change(
            ACTIVITY,
            ChangeKind.UPDATE,
            row(IN_PROGRESS),
            row(DONE),
            List.of("status", "visits"),
            new Origin("tablet-007", "7c9e6679-7425-40de-944b-e07fc1f90ae7")));
    CHANGES.put(
        "change-delete",
        change(
            ACTIVITY, ChangeKind.DELETE, row(DONE), null, List.of(), new Origin(null, "cleanup")));
    CHANGES.put("change-truncate", change(null, ChangeKind.TRUNCATE, null, null, List.of(), null));
    CHANGES.put(
        "change-composite-key",
        new EntityChange(
            "inventory",
            EntityKey.of("inventory", List.of("north/hall-2", "17")),
            ChangeKind.INSERT,
            new Version(9999, Long.MAX_VALUE),
            4294967295L,
            2,
            COMMITTED,
            null,
            row("{\"warehouse\":\"north/hall-2\",\"product_id\":17}"),
            List.of(),
            null,
            false));
  }

  @Test
  void changesAreReadAndWrittenAsTheyEverWere() {
    CHANGES.forEach((name, change) -> assertGolden(name, WireSerdes.entityChange(), change));
  }

  @Test
  void everyKindOfChangeHasItsRecord() {
    assertThat(CHANGES.values()).extracting(EntityChange::kind).contains(ChangeKind.values());
  }

  @Test
  void captureReadsItsOwnRecordsBack() {
    CapturePosition position =
        new CapturePosition(
            3,
            CapturePosition.Phase.STREAMING,
            "7594736252382374912/1",
            16402,
            23803720,
            755,
            23803000,
            2,
            41,
            23804000);
    assertGolden("position", WireSerdes.capturePosition(), position);
    assertThat(read(WireSerdes.capturePosition(), golden("position-1")))
        .as("from before it said what it had passed")
        .returns(23803720L, CapturePosition::passed);
    assertGolden(
        "command",
        WireSerdes.captureCommand(),
        new CaptureCommand(CaptureCommand.Action.SNAPSHOT, "activity"));
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("id", "integer");
    columns.put("status", "field.activity_status");
    CapturedTable stopped =
        new CapturedTable("activity", CapturedTable.State.STOPPED, columns, "column notes is gone");
    assertThat(read(WireSerdes.capturedTable(), golden("captured-table")))
        .as("from before changes were told by scope")
        .isEqualTo(stopped);
    assertGolden(
        "captured-table-told",
        WireSerdes.capturedTable(),
        new CapturedTable(
            "activity",
            CapturedTable.State.LIVE,
            columns,
            "",
            List.of("municipality/{municipality_id}", "public"),
            true));
  }

  @Test
  void scopedChangesAreReadAndWrittenAsTheyEverWere() {
    assertGolden(
        "scoped-put",
        WireSerdes.scopedChange(),
        scoped(
            "municipality/3",
            List.of("municipality/3", "user/7"),
            ScopedChange.Kind.PUT,
            new Origin("tablet-007", "7c9e6679-7425-40de-944b-e07fc1f90ae7"),
            row(DONE)));
    assertGolden(
        "scoped-remove",
        WireSerdes.scopedChange(),
        scoped("municipality/3", List.of("municipality/4"), ScopedChange.Kind.REMOVE, null, null));
    assertGolden(
        "scoped-remove-everywhere",
        WireSerdes.scopedChange(),
        scoped(null, List.of(), ScopedChange.Kind.REMOVE, new Origin(null, "cleanup"), null));
    assertGolden(
        "scoped-truncate",
        WireSerdes.scopedChange(),
        scoped(null, List.of(), ScopedChange.Kind.TRUNCATE, null, null));
  }

  @Test
  void theKeyOfAScopedChangeNamesTheScopeAndTheRow() {
    assertThat(scoped("user/a\"b\\", List.of(), ScopedChange.Kind.REMOVE, null, null).key())
        .isEqualTo("[\"user/a\\\"b\\\\\",\"activity/123\"]");
    assertThat(scoped("user/a\nb", List.of(), ScopedChange.Kind.REMOVE, null, null).key())
        .isEqualTo("[\"user/a\\u000ab\",\"activity/123\"]");
    assertThat(scoped(null, List.of(), ScopedChange.Kind.REMOVE, null, null).key())
        .isEqualTo("[null,\"activity/123\"]");
    assertThat(scoped(null, List.of(), ScopedChange.Kind.TRUNCATE, null, null).key())
        .isEqualTo("[\"activity\"]");
  }

  @Test
  void aScopedChangeThatContradictsItselfIsRefused() {
    assertThatThrownBy(() -> scoped("a/1", List.of(), ScopedChange.Kind.PUT, null, row(DONE)))
        .hasMessageContaining("a scope that the row is in");
    assertThatThrownBy(() -> scoped("a/1", List.of("a/1"), ScopedChange.Kind.PUT, null, null))
        .hasMessageContaining("a put has a row");
    assertThatThrownBy(() -> scoped("a/1", List.of(), ScopedChange.Kind.TRUNCATE, null, null))
        .hasMessageContaining("every scope");
  }

  @Test
  void numbersKeepEveryDigit() throws JsonProcessingException {
    String json =
        "{\"a\":9223372036854775807,\"b\":1.10,\"c\":12345678901234567890.123456789012345678901234567890,\"d\":1E-20}";
    ObjectNode row = row(json);
    assertThat(WireSerdes.exactJson().writeValueAsString(row))
        .isEqualTo(json.replace("1E-20", row.get("d").decimalValue().toString()));
    assertThat(row.get("b").decimalValue()).isEqualTo(new BigDecimal("1.10"));
  }

  @Test
  void whatAReaderDoesNotKnowItPassesOver() {
    String extended =
        golden("change-update")
            .replace("\"snapshot\":false", "\"snapshot\":false,\"new\":{\"a\":[1]}")
            .replace("\"device\":", "\"user\":\"u1\",\"device\":");
    assertThat(read(WireSerdes.entityChange(), extended)).isEqualTo(CHANGES.get("change-update"));
  }

  @Test
  void whatAWriterDoesNotKnowHasItsDefault() {
    String older =
        golden("change-insert")
            .replace(",\"origin\":null", "")
            .replace(",\"snapshot\":false", "")
            .replace(",\"before\":null", "");
    assertThat(read(WireSerdes.entityChange(), older)).isEqualTo(CHANGES.get("change-insert"));
  }

  @Test
  void tombstonesAreNothing() {
    for (Serde<?> serde :
        List.of(
            WireSerdes.entityKey(),
            WireSerdes.entityChange(),
            WireSerdes.capturePosition(),
            WireSerdes.capturedTable(),
            WireSerdes.captureCommand())) {
      assertThat((Object) serde.deserializer().deserialize("a-topic", (byte[]) null)).isNull();
      assertThat(serde.serializer().serialize("a-topic", null)).isNull();
    }
  }

  @Test
  void garbageIsRefusedWithASentence() {
    String update = golden("change-update");
    for (String garbage :
        List.of(
            "",
            "{",
            "null",
            "[]",
            "3",
            "{}",
            "\u0000\u0001",
            update.replace("\"type\":\"activity\"", "\"type\":7"),
            update.replace("\"id\":\"123\",\"kind\"", "\"id\":123,\"kind\""),
            update.replace("\"id\":\"123\",\"kind\"", "\"id\":null,\"kind\""),
            update.replace("\"kind\":\"update\"", "\"kind\":\"upsert\""),
            update.replace("0001-00000000016B3748", "1"),
            update.replace("2026-01-20T10:15:30.123456Z", "yesterday"),
            update.replaceFirst("\"after\":\\{.*}}?,\"changed\"", "\"after\":null,\"changed\""),
            update + "{}")) {
      assertThatThrownBy(() -> read(WireSerdes.entityChange(), garbage))
          .as(garbage)
          .isInstanceOf(SerializationException.class)
          .hasMessageMatching("(?s)(not a record of a-topic: .+|field '.+' is missing.*)");
    }
    for (String garbage :
        List.of("", "{}", "{\"epoch\":1,\"phase\":\"sleeping\",\"system\":\"\"}")) {
      assertThatThrownBy(() -> read(WireSerdes.capturePosition(), garbage))
          .isInstanceOf(SerializationException.class);
    }
    for (String garbage : List.of("", "activity", "/123")) {
      assertThatThrownBy(() -> read(WireSerdes.entityKey(), garbage))
          .isInstanceOf(SerializationException.class)
          .hasMessageStartingWith("not a key of a-topic: '" + garbage + "' is not");
    }
  }

  private static <T> void assertGolden(String name, Serde<T> serde, T value) {
    String golden = golden(name);
    assertThat(new String(serde.serializer().serialize("a-topic", value), UTF_8))
        .as(name)
        .isEqualTo(golden);
    assertThat(read(serde, golden)).as(name).isEqualTo(value);
  }

  private static <T> T read(Serde<T> serde, String json) {
    return serde.deserializer().deserialize("a-topic", json.getBytes(UTF_8));
  }

  private static String golden(String name) {
    try (InputStream in = WireSerdesTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode row(String json) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static ScopedChange scoped(
      @Nullable String scope,
      List<String> scopes,
      ScopedChange.Kind kind,
      @Nullable Origin origin,
      @Nullable ObjectNode data) {
    return new ScopedChange(
        scope,
        scopes,
        "activity",
        kind == ScopedChange.Kind.TRUNCATE ? null : "123",
        kind,
        VERSION,
        755,
        COMMITTED,
        origin,
        data);
  }

  private static EntityChange change(
      @Nullable EntityKey key,
      ChangeKind kind,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after,
      List<String> changed,
      @Nullable Origin origin) {
    return new EntityChange(
        "activity", key, kind, VERSION, 755, 2, COMMITTED, before, after, changed, origin, false);
  }
}
