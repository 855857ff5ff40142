package dev.tidemark.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Records to bytes and back. JSON, so that any language can read it; numbers keep every digit.
 *
 * <p>A field that a reader does not know is passed over and a field that a writer does not know is
 * absent: see the evolution rules in {@code docs/contract.md}.
 */
public final class WireSerdes {
  // A column of type json may repeat a key, nest deeply or hold a number of many digits: it is the
  // database's word and passes as it is.
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  // The names of a record repeat, and a table of them is enough; some are data.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(10_000)
                          .maxNumberLength(200_000)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder().maxNestingDepth(10_000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Serde<EntityKey> ENTITY_KEY =
      Serdes.serdeFrom(
          (topic, key) -> key == null ? null : key.bytes(),
          (topic, bytes) -> {
            if (bytes == null) {
              return null;
            }
            try {
              return EntityKey.parse(new String(bytes, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
              throw new SerializationException("not a key of " + topic + ": " + e.getMessage(), e);
            }
          });
  private static final Serde<EntityChange> ENTITY_CHANGE =
      json(WireSerdes::writeChange, WireSerdes::readChange);
  private static final Serde<CapturePosition> CAPTURE_POSITION =
      json(WireSerdes::writePosition, WireSerdes::readPosition);
  private static final Serde<CapturedTable> CAPTURED_TABLE =
      json(WireSerdes::writeTable, WireSerdes::readTable);
  private static final Serde<CaptureCommand> CAPTURE_COMMAND =
      json(WireSerdes::writeCommand, WireSerdes::readCommand);

  private static final Serde<ScopedChange> SCOPED_CHANGE =
      json(WireSerdes::writeScoped, WireSerdes::readScoped);

  private static final Serde<Invalidation> INVALIDATION =
      json(WireSerdes::writeInvalidation, WireSerdes::readInvalidation);

  private static final int FIRST_BYTES = 1_024;

  private WireSerdes() {}

  /** A mapper that keeps every digit of a number, for whoever reads or writes rows. */
  public static ObjectMapper exactJson() {
    return JSON;
  }

  public static Serde<EntityKey> entityKey() {
    return ENTITY_KEY;
  }

  public static Serde<EntityChange> entityChange() {
    return ENTITY_CHANGE;
  }

  public static Serde<ScopedChange> scopedChange() {
    return SCOPED_CHANGE;
  }

  public static Serde<Invalidation> invalidation() {
    return INVALIDATION;
  }

  public static Serde<CapturePosition> capturePosition() {
    return CAPTURE_POSITION;
  }

  public static Serde<CapturedTable> capturedTable() {
    return CAPTURED_TABLE;
  }

  public static Serde<CaptureCommand> captureCommand() {
    return CAPTURE_COMMAND;
  }

  private static ObjectNode writeChange(EntityChange change) {
    ObjectNode json = JSON.createObjectNode();
    json.put("type", change.type());
    EntityKey key = change.key();
    json.put("id", key == null ? null : key.id());
    json.put("kind", change.kind().text());
    json.put("version", change.version().toString());
    json.put("transaction", change.transaction());
    json.put("sequence", change.sequence());
    json.put("committed_at", change.committedAt().toString());
    json.set("before", change.before());
    json.set("after", change.after());
    ArrayNode changed = json.putArray("changed");
    change.changed().forEach(changed::add);
    json.set("origin", writeOrigin(change.origin()));
    json.put("snapshot", change.snapshot());
    return json;
  }

  private static EntityChange readChange(JsonNode json) {
    String type = text(json, "type");
    String id = optionalText(json, "id");
    List<String> changed = new ArrayList<>();
    json.path("changed").forEach(field -> changed.add(field.asText()));
    return new EntityChange(
        type,
        id == null ? null : new EntityKey(type, id),
        ChangeKind.parse(text(json, "kind")),
        Version.parse(text(json, "version")),
        json.path("transaction").longValue(),
        json.path("sequence").longValue(),
        Times.parse(text(json, "committed_at")),
        optionalObject(json, "before"),
        optionalObject(json, "after"),
        changed,
        readOrigin(json.path("origin")),
        json.path("snapshot").booleanValue());
  }

  /**
   * The change itself is a member of its own, the last one: it is what devices are told, byte for
   * byte, while the scopes are not for all of them.
   */
  private static ObjectNode writeScoped(ScopedChange scoped) {
    ObjectNode json = JSON.createObjectNode();
    json.put("scope", scoped.scope());
    ArrayNode scopes = json.putArray("scopes");
    scoped.scopes().forEach(scopes::add);
    ObjectNode change = json.putObject("change");
    change.put("type", scoped.type());
    if (scoped.id() != null) {
      change.put("id", scoped.id());
    }
    change.put("kind", scoped.kind().text());
    change.put("version", scoped.version().toString());
    change.put("transaction", scoped.transaction());
    change.put("committed_at", scoped.committedAt().toString());
    Origin origin = scoped.origin();
    if (origin != null) {
      change.set("origin", writeOriginName(origin));
    }
    if (scoped.data() != null) {
      change.set("data", scoped.data());
    }
    return json;
  }

  /** Who it was, without what else the resolver has to know. */
  private static ObjectNode writeOriginName(Origin origin) {
    ObjectNode json = JSON.createObjectNode();
    if (origin.device() != null) {
      json.put("device", origin.device());
    }
    return json.put("operation", origin.operation());
  }

  private static ScopedChange readScoped(JsonNode json) {
    List<String> scopes = new ArrayList<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    JsonNode change = json.path("change");
    return new ScopedChange(
        optionalText(json, "scope"),
        scopes,
        text(change, "type"),
        optionalText(change, "id"),
        ScopedChange.Kind.parse(text(change, "kind")),
        Version.parse(text(change, "version")),
        change.path("transaction").longValue(),
        Times.parse(text(change, "committed_at")),
        readOrigin(change.path("origin")),
        optionalObject(change, "data"));
  }

  private static JsonNode writeOrigin(@Nullable Origin origin) {
    return origin == null ? JSON.nullNode() : writeKnownOrigin(origin);
  }

  /** An origin as it is written wherever it is. */
  public static ObjectNode writeKnownOrigin(Origin origin) {
    ObjectNode json =
        JSON.createObjectNode().put("device", origin.device()).put("operation", origin.operation());
    origin.sequence().ifPresent(sequence -> json.put("sequence", sequence));
    if (origin.sent() != null) {
      json.set("sent", origin.sent());
    }
    return json;
  }

  /** Reads what {@link #writeKnownOrigin} wrote; null if it is not there. */
  public static @Nullable Origin readOrigin(JsonNode json) {
    return json.isObject()
        ? new Origin(
            optionalText(json, "device"),
            text(json, "operation"),
            optionalLong(json, "sequence"),
            optionalObject(json, "sent"))
        : null;
  }

  private static ObjectNode writePosition(CapturePosition position) {
    return JSON.createObjectNode()
        .put("epoch", position.epoch())
        .put("phase", position.phase().name().toLowerCase(Locale.ROOT))
        .put("system", position.system())
        .put("publication", position.publication())
        .put("committed", position.committed())
        .put("transaction", position.transaction())
        .put("lsn", position.lsn())
        .put("at_lsn", position.atLsn())
        .put("sequence", position.sequence())
        .put("passed", position.passed());
  }

  private static CapturePosition readPosition(JsonNode json) {
    return new CapturePosition(
        json.path("epoch").intValue(),
        CapturePosition.Phase.valueOf(text(json, "phase").toUpperCase(Locale.ROOT)),
        text(json, "system"),
        json.path("publication").longValue(),
        json.path("committed").longValue(),
        json.path("transaction").longValue(),
        json.path("lsn").longValue(),
        json.path("at_lsn").longValue(),
        json.path("sequence").longValue(),
        json.path("passed").asLong(json.path("committed").longValue()));
  }

  private static ObjectNode writeTable(CapturedTable table) {
    ObjectNode json = JSON.createObjectNode();
    json.put("type", table.type());
    json.put("state", table.state().name().toLowerCase(Locale.ROOT));
    ObjectNode columns = json.putObject("columns");
    table.columns().forEach(columns::put);
    json.put("reason", table.reason());
    ArrayNode scopes = json.putArray("scopes");
    table.scopes().forEach(scopes::add);
    json.put("telling", table.telling());
    return json;
  }

  private static CapturedTable readTable(JsonNode json) {
    Map<String, String> columns = new LinkedHashMap<>();
    json.path("columns")
        .properties()
        .forEach(column -> columns.put(column.getKey(), column.getValue().asText()));
    List<String> scopes = new ArrayList<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    return new CapturedTable(
        text(json, "type"),
        CapturedTable.State.valueOf(text(json, "state").toUpperCase(Locale.ROOT)),
        columns,
        json.path("reason").asText(""),
        scopes,
        json.path("telling").booleanValue());
  }

  private static ObjectNode writeInvalidation(Invalidation invalidation) {
    ObjectNode json = JSON.createObjectNode();
    json.put("target", invalidation.target());
    json.put("transaction", invalidation.transaction());
    Version version = invalidation.version();
    json.put("version", version == null ? null : version.toString());
    json.put("committed_at", invalidation.committedAt().toString());
    Invalidation.Cause cause = invalidation.cause();
    ObjectNode because = json.putObject("cause");
    because.put("reason", cause.reason().text());
    because.put("subject", cause.subject());
    ChangeKind kind = cause.kind();
    because.put("kind", kind == null ? null : kind.text());
    ArrayNode changed = because.putArray("changed");
    cause.changed().forEach(changed::add);
    return json;
  }

  private static Invalidation readInvalidation(JsonNode json) {
    String version = optionalText(json, "version");
    JsonNode because = json.path("cause");
    String kind = optionalText(because, "kind");
    List<String> changed = new ArrayList<>();
    because.path("changed").forEach(column -> changed.add(column.asText()));
    return new Invalidation(
        text(json, "target"),
        json.path("transaction").longValue(),
        version == null ? null : Version.parse(version),
        Instant.parse(text(json, "committed_at")),
        new Invalidation.Cause(
            Invalidation.Reason.parse(text(because, "reason")),
            text(because, "subject"),
            kind == null ? null : ChangeKind.parse(kind),
            changed));
  }

  private static ObjectNode writeCommand(CaptureCommand command) {
    return JSON.createObjectNode()
        .put("action", command.action().name().toLowerCase(Locale.ROOT))
        .put("type", command.type());
  }

  private static CaptureCommand readCommand(JsonNode json) {
    return new CaptureCommand(
        CaptureCommand.Action.valueOf(text(json, "action").toUpperCase(Locale.ROOT)),
        text(json, "type"));
  }

  static String text(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null || !value.isTextual()) {
      throw new SerializationException("field '" + field + "' is missing or not a string");
    }
    return value.textValue();
  }

  static @Nullable String optionalText(JsonNode json, String field) {
    JsonNode value = json.get(field);
    return value == null || value.isNull() ? null : text(json, field);
  }

  static @Nullable ObjectNode optionalObject(JsonNode json, String field) {
    return json.get(field) instanceof ObjectNode object ? object : null;
  }

  static OptionalLong optionalLong(JsonNode json, String field) {
    JsonNode value = json.get(field);
    return value == null || !value.isIntegralNumber()
        ? OptionalLong.empty()
        : OptionalLong.of(value.longValue());
  }

  /** Turns a value into JSON. */
  interface Writer<T> {
    ObjectNode write(T value);
  }

  /** Writes the fields of a value. */
  interface StreamWriter<T> {
    void write(JsonGenerator json, T value) throws IOException;
  }

  private interface ToBytes<T> {
    byte[] write(T value) throws IOException;
  }

  /** Turns JSON into a value. */
  interface Reader<T> {
    T read(JsonNode json);
  }

  static <T> Serde<T> json(Writer<T> writer, Reader<T> reader) {
    return serde(value -> JSON.writeValueAsBytes(writer.write(value)), reader);
  }

  /** For what is written so often that a tree of it would cost too much. */
  static <T> Serde<T> streamed(StreamWriter<T> writer, Reader<T> reader) {
    return serde(
        value -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BYTES);
          try (JsonGenerator json = JSON.getFactory().createGenerator(bytes)) {
            json.writeStartObject();
            writer.write(json, value);
            json.writeEndObject();
          }
          return bytes.toByteArray();
        },
        reader);
  }

  private static <T> Serde<T> serde(ToBytes<T> writer, Reader<T> reader) {
    return Serdes.serdeFrom(
        (topic, value) -> {
          if (value == null) {
            return null;
          }
          try {
            return writer.write(value);
          } catch (IOException e) {
            throw new SerializationException("cannot write a record of " + topic, e);
          }
        },
        (topic, bytes) -> {
          if (bytes == null) {
            return null;
          }
          try {
            return reader.read(JSON.readTree(bytes));
          } catch (IOException | IllegalArgumentException | java.time.DateTimeException e) {
            throw new SerializationException("not a record of " + topic + ": " + e.getMessage(), e);
          }
        });
  }
}
