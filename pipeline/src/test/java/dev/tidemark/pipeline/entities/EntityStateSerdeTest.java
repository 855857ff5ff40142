package dev.tidemark.pipeline.entities;

import static dev.tidemark.pipeline.entities.core.Changes.v;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.entities.core.EntityState.Deleted;
import dev.tidemark.pipeline.entities.core.EntityState.Live;
import dev.tidemark.pipeline.entities.core.LastChange;
import dev.tidemark.pipeline.entities.core.Memory;
import dev.tidemark.pipeline.entities.core.Past;
import dev.tidemark.pipeline.entities.core.Seen;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checked-in bytes were written by one format each and must stay readable for ever; a new
 * format gets files of its own beside them.
 */
class EntityStateSerdeTest {
  private static final Map<String, EntityState> STATES =
      Map.of(
          "live",
          new Live(
              json(
                  """
                  {"id":9223372036854775807,"price":12.50,"tags":["a","ä"],"meta":{"k":null},"note":null}
                  """),
              new LastChange(
                  v(3, 0x16B3748L),
                  4_294_967_296L,
                  Instant.parse("2026-03-01T12:00:00.123456Z"),
                  new Origin("tablet-7", "op-1")),
              fields("id", v(2, 0), "price", v(3, 0x16B3748L), "tags", v(3, 16), "meta", v(2, 0))),
          "deleted",
          new Deleted(
              json("{\"id\":7,\"title\":\"leak\"}"),
              new LastChange(v(1, 300), 12, Instant.parse("2026-03-01T12:00:00Z"), null),
              fields("id", v(1, 100), "title", v(1, 200), "dropped_column", v(1, 50))),
          "deleted-unseen",
          new Deleted(
              null,
              new LastChange(
                  v(1, 300), 12, Instant.parse("2026-03-01T12:00:00Z"), new Origin(null, "job-9")),
              Map.of()),
          "remembering",
          remembering());

  private static Live remembering() {
    Origin merged = new Origin("tablet-7", "op-2", OptionalLong.of(9), json("{\"visits\":6}"));
    return new Live(
        json("{\"id\":7,\"visits\":16}"),
        new LastChange(v(1, 300), 12, Instant.parse("2026-03-01T12:00:00Z"), merged),
        fields("id", v(1, 100), "visits", v(1, 300)),
        new Memory(
            Map.of(v(1, 300), merged),
            Map.of("tablet-7", new Seen(v(1, 300), Instant.parse("2026-03-01T12:00:00Z"))),
            Map.of(
                "visits",
                List.of(
                    new Past(v(1, 100), IntNode.valueOf(5), null),
                    new Past(v(1, 200), IntNode.valueOf(15), "tablet-8")))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "deleted", "deleted-unseen"})
  void bytesOfFormat1StayReadable(String name) throws IOException {
    assertThat(read(checkedIn(1, name))).isEqualTo(STATES.get(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "deleted", "deleted-unseen", "remembering"})
  void bytesOfFormat2StayReadable(String name) throws IOException {
    assertThat(read(checkedIn(2, name))).isEqualTo(STATES.get(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "deleted", "deleted-unseen", "remembering"})
  void bytesOfFormat3StayReadable(String name) throws IOException {
    assertThat(read(checkedIn(3, name))).isEqualTo(STATES.get(name));
  }

  @Test
  void aTimeFinerThanPostgresKeepsItsNanoseconds() {
    Instant fine = Instant.parse("2026-03-01T12:00:00.123456789Z");
    EntityState state = new Deleted(null, new LastChange(v(1, 300), 12, fine, null), Map.of());
    byte[] written = EntityStateSerde.serde().serializer().serialize("entities", state);
    assertThat(read(written).lastChange().committedAt()).isEqualTo(fine);
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "deleted", "deleted-unseen", "remembering"})
  void aStateIsWrittenAsTheCheckedInBytes(String name) throws IOException {
    EntityState state = STATES.get(name);
    byte[] written = EntityStateSerde.serde().serializer().serialize("entities", state);
    assertThat(new String(written, UTF_8)).isEqualTo(new String(checkedIn(3, name), UTF_8));
  }

  @Test
  void theFieldsKeepTheOrderOfTheTable() throws IOException {
    assertThat(read(checkedIn(3, "live")).fieldVersions().keySet())
        .containsExactly("id", "price", "tags", "meta");
  }

  @Test
  void anotherFormatIsRefusedWithARemedy() {
    assertThatThrownBy(() -> read(new byte[] {4, '{', '}'}))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContaining("format 4")
        .hasMessageContaining("start the version that wrote it");
  }

  @Test
  void damagedBytesAreTheStoresFault() {
    for (String text : List.of("", "\u0001", "\u0001{", "\u0001{\"v\":\"x\"}", "\u0001[]")) {
      assertThatThrownBy(() -> read(text.getBytes(UTF_8)))
          .as("bytes of '%s'", text)
          .isInstanceOf(ProcessorStateException.class);
    }
  }

  private static EntityState read(byte[] bytes) {
    return EntityStateSerde.serde().deserializer().deserialize("entities", bytes);
  }

  private static byte[] checkedIn(int format, String name) throws IOException {
    try (InputStream file =
        EntityStateSerdeTest.class.getResourceAsStream(
            "/entities/state-" + format + "-" + name + ".bin")) {
      assertThat(file).as("bytes of %s", name).isNotNull();
      return file.readAllBytes();
    }
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Version> fields(Object... namesAndVersions) {
    Map<String, Version> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndVersions.length; i += 2) {
      fields.put((String) namesAndVersions[i], (Version) namesAndVersions[i + 1]);
    }
    return fields;
  }
}
