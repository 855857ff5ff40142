package dev.tidemark.pipeline.entities;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.entities.core.EntityState.Deleted;
import dev.tidemark.pipeline.entities.core.EntityState.Live;
import dev.tidemark.pipeline.entities.core.LastChange;
import dev.tidemark.pipeline.entities.core.Memory;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;

/**
 * A state as it is stored: one byte that names the format, then compact JSON. Stored state is a
 * public format: every format ever written stays readable.
 *
 * <p>Field versions are grouped by version, because most fields of a row share the one of its
 * insert. No member is named by a value: a parser keeps every name that it has met, so versions as
 * names filled its tables, which was a third of all the memory a node turned over. What cannot be
 * read is the store's fault and never a record's, so it is reported as {@link
 * ProcessorStateException}: that stops the topology instead of dead-lettering the stream.
 */
public final class EntityStateSerde {
  /** Rows and versions alone. */
  private static final byte WITHOUT_MEMORY = 1;

  /** Versions and devices as names of members, times as text. */
  private static final byte WITH_NAMES_OF_MANY_KINDS = 2;

  private static final byte FORMAT = 3;
  private static final ObjectMapper JSON = WireSerdes.exactJson();
  private static final Serde<EntityState> SERDE =
      Serdes.serdeFrom(
          (topic, state) -> state == null ? null : write(state),
          (topic, bytes) -> bytes == null ? null : read(bytes));

  private EntityStateSerde() {}

  public static Serde<EntityState> serde() {
    return SERDE;
  }

  private static byte[] write(EntityState state) {
    ObjectNode json = JSON.createObjectNode();
    LastChange last = state.lastChange();
    json.put("v", last.version().toString());
    json.put("x", last.transaction());
    StoredTimes.put(json, "t", last.committedAt());
    if (last.origin() != null) {
      json.set("o", WireSerdes.writeKnownOrigin(last.origin()));
    }
    writeFieldVersions(json.putArray("f"), state.fieldVersions());
    if (!state.memory().equals(Memory.NONE)) {
      json.set("m", MemoryJson.write(state.memory()));
    }
    switch (state) {
      case Live live -> json.set("row", live.row());
      case Deleted deleted -> json.set("deleted", deleted.lastRow());
    }
    try {
      byte[] body = JSON.writeValueAsBytes(json);
      byte[] bytes = new byte[body.length + 1];
      bytes[0] = FORMAT;
      System.arraycopy(body, 0, bytes, 1, body.length);
      return bytes;
    } catch (JsonProcessingException e) {
      throw new ProcessorStateException("cannot write the state of an entity", e);
    }
  }

  private static void writeFieldVersions(ArrayNode json, Map<String, Version> fieldVersions) {
    Map<Version, ArrayNode> groups = new HashMap<>();
    fieldVersions.forEach(
        (field, version) ->
            groups
                .computeIfAbsent(version, _ -> json.addArray().add(version.toString()))
                .add(field));
  }

  private static EntityState read(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] < WITHOUT_MEMORY || bytes[0] > FORMAT) {
      throw new ProcessorStateException(
          "the state of an entity is in format "
              + (bytes.length == 0 ? "none" : bytes[0])
              + ", and this program reads formats up to "
              + FORMAT
              + " only: start the version that wrote it, or remove the state to rebuild it");
    }
    try {
      JsonNode json = JSON.readTree(bytes, 1, bytes.length - 1);
      LastChange last =
          new LastChange(
              Version.parse(json.path("v").asText()),
              json.path("x").longValue(),
              StoredTimes.read(json.path("t")),
              WireSerdes.readOrigin(json.path("o")));
      boolean named = bytes[0] <= WITH_NAMES_OF_MANY_KINDS;
      Map<String, Version> fields =
          named ? readNamedFieldVersions(json.path("f")) : readFieldVersions(json.path("f"));
      Memory memory =
          named ? MemoryJson.readNamed(json.path("m")) : MemoryJson.read(json.path("m"));
      return json.get("row") instanceof ObjectNode row
          ? new Live(row, last, inOrderOf(row, fields), memory)
          : deleted(
              json.get("deleted") instanceof ObjectNode row ? row : null, last, fields, memory);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new ProcessorStateException("the stored state of an entity is damaged", e);
    }
  }

  private static Deleted deleted(
      @Nullable ObjectNode lastRow, LastChange last, Map<String, Version> fields, Memory memory) {
    return new Deleted(
        lastRow, last, lastRow == null ? fields : inOrderOf(lastRow, fields), memory);
  }

  private static Map<String, Version> readFieldVersions(JsonNode json) {
    Map<String, Version> fields = new HashMap<>();
    for (JsonNode group : json) {
      Version version = Version.parse(group.path(0).asText());
      for (int i = 1; i < group.size(); i++) {
        fields.put(group.get(i).textValue(), version);
      }
    }
    return fields;
  }

  private static Map<String, Version> readNamedFieldVersions(JsonNode json) {
    Map<String, Version> fields = new HashMap<>();
    json.properties()
        .forEach(
            group -> {
              Version version = Version.parse(group.getKey());
              group.getValue().forEach(field -> fields.put(field.textValue(), version));
            });
    return fields;
  }

  /** Grouping by version lost the table's order of columns; the row still has it. */
  private static Map<String, Version> inOrderOf(ObjectNode row, Map<String, Version> fields) {
    Map<String, Version> ordered = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> column : row.properties()) {
      Version version = fields.get(column.getKey());
      if (version != null) {
        ordered.put(column.getKey(), version);
      }
    }
    if (ordered.size() < fields.size()) {
      fields.forEach(ordered::putIfAbsent);
    }
    return ordered;
  }
}
