package dev.tidemark.api.entities;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.entities.core.EntityState;

/** Writes an entity. The row's values go out exactly as they are stored. */
final class EntityJson {
  private static final ObjectMapper JSON = WireSerdes.exactJson();

  private EntityJson() {}

  static byte[] bytes(EntityKey key, EntityState.Live state, boolean withMeta) {
    ObjectNode json = JSON.createObjectNode();
    json.put("type", key.type());
    json.put("id", key.id());
    json.put("version", state.version().toString());
    json.set("fields", state.row());
    json.put("committed_at", state.lastChange().committedAt().toString());
    if (withMeta) {
      addMeta(json, state);
    }
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }

  /** Strong: a version names one state, and each form of the answer has a tag of its own. */
  static String etag(EntityState.Live state, boolean withMeta) {
    return '"' + state.version().toString() + (withMeta ? "+meta" : "") + '"';
  }

  private static void addMeta(ObjectNode json, EntityState.Live state) {
    ObjectNode versions = json.putObject("field_versions");
    state.fieldVersions().forEach((field, version) -> versions.put(field, version.toString()));
    Origin origin = state.lastChange().origin();
    if (origin != null) {
      ObjectNode written = json.putObject("origin").put("operation", origin.operation());
      if (origin.device() != null) {
        written.put("device", origin.device());
      }
    }
  }
}
