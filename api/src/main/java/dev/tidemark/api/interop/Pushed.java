package dev.tidemark.api.interop;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import java.time.Instant;
import java.util.Optional;

/**
 * What one pushed row asks for.
 *
 * @param id as the package has it; it may be none that a row can have
 * @param data the columns that it sets, in the core's form; empty for a deletion
 * @param base what it is made upon, if that is known
 * @param edited when a person did it, if that is known
 * @param edit what tells this edit from another of the same content
 */
record Pushed(
    String type,
    JsonNode id,
    OperationKind kind,
    ObjectNode data,
    Optional<Version> base,
    Optional<Instant> edited,
    String edit) {
  Pushed {
    requireNonNull(type, "type is null");
    // Left out, an id would be made up, and the package would never hear of the row again.
    id = id.isMissingNode() || id.isNull() ? TextNode.valueOf("") : id;
    requireNonNull(kind, "kind is null");
    requireNonNull(data, "data is null");
    requireNonNull(edit, "edit is null");
  }

  static Pushed deletion(String type, JsonNode id, Optional<Version> base) {
    return new Pushed(
        type,
        id,
        OperationKind.DELETE,
        JsonNodeFactory.instance.objectNode(),
        base,
        Optional.empty(),
        "");
  }

  /**
   * The same, with no more than so many levels of data. The core refuses what nests deeper than it
   * takes; until then nothing has to walk down there.
   */
  Pushed cut(int levels) {
    return isDeeper(data, levels)
        ? new Pushed(type, id, kind, (ObjectNode) cut(data, levels), base, edited, edit)
        : this;
  }

  private static boolean isDeeper(JsonNode json, int levels) {
    if (!json.isContainerNode()) {
      return false;
    }
    if (levels == 0) {
      return true;
    }
    for (JsonNode element : json) {
      if (isDeeper(element, levels - 1)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode cut(JsonNode json, int levels) {
    if (levels == 0) {
      return NullNode.getInstance();
    }
    if (json.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      json.forEach(element -> array.add(cut(element, levels - 1)));
      return array;
    }
    if (json.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      json.properties()
          .forEach(member -> object.set(member.getKey(), cut(member.getValue(), levels - 1)));
      return object;
    }
    return json;
  }

  String idText() {
    return id.asText();
  }

  /** The version that a text is, if it is one. */
  static Optional<Version> version(JsonNode json) {
    try {
      return json.isTextual() ? Optional.of(Version.parse(json.textValue())) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What makes it this operation and no other: neither package names its operations. */
  ObjectNode content() {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("type", type);
    content.set("id", id);
    content.put("kind", kind.text());
    content.put("base_version", base.map(Version::toString).orElse(null));
    content.put("edit", edit);
    content.set("data", data);
    return content;
  }

  /** The operation as a batch has it. */
  ObjectNode operation(String key, Instant time, String strategy) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("entity_type", TextNode.valueOf(type));
    json.set("entity_id", id);
    json.put("operation", kind.text());
    if (kind != OperationKind.DELETE) {
      json.set("data", data);
    }
    json.put("client_timestamp", time.toString());
    base.ifPresent(version -> json.put("base_version", version.toString()));
    json.put("idempotency_key", key);
    json.put("conflict_resolution_strategy", strategy);
    return json;
  }
}
