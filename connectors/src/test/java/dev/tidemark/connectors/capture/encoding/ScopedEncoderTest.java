package dev.tidemark.connectors.capture.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.connectors.capture.encoding.ChangeEncoder.Place;
import dev.tidemark.connectors.capture.encoding.ScopedEncoder.Scoped;
import dev.tidemark.connectors.capture.value.ExactValues;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScopedEncoderTest {
  private static final Schema ROW =
      SchemaBuilder.struct()
          .field("id", Schema.STRING_SCHEMA)
          .field("n", Schema.OPTIONAL_INT64_SCHEMA)
          .field("s", Schema.OPTIONAL_STRING_SCHEMA)
          .field("j", SchemaBuilder.string().name(ExactValues.JSON).optional().build())
          .build();
  private static final EntityType TYPE =
      new EntityType(
          "note",
          "",
          new TableName("public", "note"),
          List.of("id"),
          List.of(),
          List.of(new ScopeTemplate("s/{s}"), new ScopeTemplate("n/{n}")),
          List.of(),
          Map.of());
  private static final List<@Nullable Origin> ORIGINS =
      Arrays.asList(
          null,
          new Origin(null, "cleanup"),
          new Origin(
              "tablet \"7\"",
              "op",
              OptionalLong.of(3),
              WireSerdes.exactJson().createObjectNode().put("n", 1)));

  /** Two ways to write one string. */
  private static final String ESCAPED_BY_JACKSON = "\uD83D\uDE00\b\f\u001f";

  private final TablePlan plan = TablePlan.of(TYPE, ROW);
  private final ChangeEncoder changes = new ChangeEncoder();
  private final ScopedEncoder encoder = new ScopedEncoder();

  @Test
  void writesTheBytesThatTheSerdesWould() {
    List<String> texts =
        List.of("plain", "", "ä€", "a/b%c", "\"\\\n\r\t\u0001\u007f", ESCAPED_BY_JACKSON);
    for (String text : texts) {
      Struct before = row(text, "k" + text, -1L);
      Struct after = row(text, text, Long.MAX_VALUE);
      for (Origin origin : ORIGINS) {
        for (boolean everywhere : new boolean[] {false, true}) {
          assertSame(encode(ChangeKind.INSERT, null, after, origin, everywhere), text);
          assertSame(encode(ChangeKind.UPDATE, before, after, origin, everywhere), text);
          assertSame(encode(ChangeKind.UPDATE, after, after, origin, everywhere), text);
          assertSame(encode(ChangeKind.DELETE, before, null, origin, everywhere), text);
        }
        assertSame(
            encoder.encode(
                changes.truncate(plan, place(origin)), origin, List.of(), List.of(), false),
            text);
      }
    }
  }

  private static void assertSame(List<Scoped> told, String text) {
    assertThat(told).isNotEmpty();
    for (Scoped scoped : told) {
      String topic = Topics.SCOPED_CHANGE.name();
      ScopedChange read =
          WireSerdes.scopedChange().deserializer().deserialize(topic, scoped.value());
      byte[] written = WireSerdes.scopedChange().serializer().serialize(topic, read);
      if (text.equals(ESCAPED_BY_JACKSON)) {
        assertThat(json(scoped.value())).isEqualTo(json(written));
      } else {
        assertThat(new String(scoped.value(), UTF_8))
            .as(text)
            .isEqualTo(new String(written, UTF_8));
      }
      assertThat(new String(scoped.key(), UTF_8)).as(text).isEqualTo(read.key());
      assertThat(scoped.kind()).isEqualTo(read.kind());
    }
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return WireSerdes.exactJson().readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void saysWhatTheChangeSays() {
    Origin origin = requireNonNull(ORIGINS.getLast());
    List<Scoped> told =
        encode(ChangeKind.UPDATE, row("1", "a", 1L), row("1", "b", 1L), origin, true);
    assertThat(told)
        .extracting(
            scoped ->
                WireSerdes.scopedChange().deserializer().deserialize("a-topic", scoped.value()))
        .containsExactly(
            expected(ScopedChange.Kind.REMOVE, "s/a", origin),
            expected(ScopedChange.Kind.REMOVE, null, origin),
            expected(ScopedChange.Kind.PUT, "s/b", origin),
            expected(ScopedChange.Kind.PUT, "n/1", origin));
  }

  @Test
  void aRowThatAnotherEncodingFollowsIsNotMixedUp() {
    EncodedChange first =
        changes.row(plan, ChangeKind.INSERT, null, row("1", "a", 1L), place(null));
    changes.row(plan, ChangeKind.INSERT, null, row("2", "long and other", 2L), place(null));

    assertThat(new String(first.value(), first.rowFrom(), first.rowTo() - first.rowFrom(), UTF_8))
        .isEqualTo("{\"id\":\"1\",\"n\":1,\"s\":\"a\",\"j\":{\"a\":[1.50,null]}}");
    assertThat(encoder.encode(first, null, List.of(), List.of("s/a"), false))
        .singleElement()
        .satisfies(told -> assertThat(new String(told.value(), UTF_8)).contains("\"s\":\"a\""));
  }

  private static ScopedChange expected(
      ScopedChange.Kind kind, @Nullable String scope, Origin origin) {
    return new ScopedChange(
        scope,
        List.of("s/b", "n/1"),
        "note",
        "1",
        kind,
        new Version(2, 77),
        755,
        Instant.parse("2026-01-20T10:15:30.123456Z"),
        new Origin(origin.device(), origin.operation()),
        kind == ScopedChange.Kind.PUT
            ? WireSerdes.exactJson()
                .createObjectNode()
                .put("id", "1")
                .put("n", 1)
                .put("s", "b")
                .set(
                    "j",
                    WireSerdes.exactJson()
                        .createObjectNode()
                        .set(
                            "a",
                            WireSerdes.exactJson()
                                .createArrayNode()
                                .add(new BigDecimal("1.50"))
                                .addNull()))
            : null);
  }

  private List<Scoped> encode(
      ChangeKind kind,
      @Nullable Struct before,
      @Nullable Struct after,
      @Nullable Origin origin,
      boolean everywhere) {
    return encoder.encode(
        changes.row(plan, kind, before, after, place(origin)),
        origin,
        before == null ? List.of() : plan.scopes(before),
        after == null ? List.of() : plan.scopes(after),
        everywhere);
  }

  private static Place place(@Nullable Origin origin) {
    return new Place(
        new Version(2, 77), 755, 0, 0, Instant.parse("2026-01-20T10:15:30.123456Z"), origin, false);
  }

  private static Struct row(String id, String s, long n) {
    return new Struct(ROW).put("id", id).put("n", n).put("s", s).put("j", "{\"a\":[1.50,null]}");
  }
}
