package dev.tidemark.pipeline.entities;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.entities.core.Memory;
import dev.tidemark.pipeline.entities.core.Past;
import dev.tidemark.pipeline.entities.core.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an entity's state remembers, as it is stored. Part of that format. */
final class MemoryJson {
  private MemoryJson() {}

  static ObjectNode write(Memory memory) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (!memory.authors().isEmpty()) {
      ArrayNode authors = json.putArray("a");
      memory
          .authors()
          .forEach(
              (version, origin) ->
                  authors
                      .addArray()
                      .add(version.toString())
                      .add(WireSerdes.writeKnownOrigin(origin)));
    }
    if (!memory.seen().isEmpty()) {
      ArrayNode seen = json.putArray("s");
      memory
          .seen()
          .forEach(
              (device, shown) ->
                  StoredTimes.add(
                      seen.addArray().add(device).add(shown.version().toString()), shown.at()));
    }
    if (!memory.past().isEmpty()) {
      ObjectNode past = json.putObject("p");
      memory.past().forEach((field, values) -> past.set(field, write(values)));
    }
    return json;
  }

  private static ArrayNode write(List<Past> values) {
    ArrayNode written = JsonNodeFactory.instance.arrayNode();
    for (Past value : values) {
      ObjectNode entry = written.addObject().put("v", value.version().toString());
      entry.set("x", value.value());
      if (value.device() != null) {
        entry.put("d", value.device());
      }
    }
    return written;
  }

  static Memory read(JsonNode json) {
    if (!json.isObject()) {
      return Memory.NONE;
    }
    Map<Version, Origin> authors = new HashMap<>();
    for (JsonNode author : json.path("a")) {
      Origin origin = WireSerdes.readOrigin(author.path(1));
      if (origin != null) {
        authors.put(Version.parse(author.path(0).asText()), origin);
      }
    }
    Map<String, Seen> seen = new HashMap<>();
    for (JsonNode shown : json.path("s")) {
      seen.put(
          shown.path(0).asText(),
          new Seen(Version.parse(shown.path(1).asText()), StoredTimes.read(shown.path(2))));
    }
    return new Memory(authors, seen, readPasts(json.path("p")));
  }

  /** Reads the form of format 2, where versions and devices were names of members. */
  static Memory readNamed(JsonNode json) {
    if (!json.isObject()) {
      return Memory.NONE;
    }
    Map<Version, Origin> authors = new HashMap<>();
    for (Map.Entry<String, JsonNode> author : json.path("a").properties()) {
      Origin origin = WireSerdes.readOrigin(author.getValue());
      if (origin != null) {
        authors.put(Version.parse(author.getKey()), origin);
      }
    }
    Map<String, Seen> seen = new HashMap<>();
    for (Map.Entry<String, JsonNode> shown : json.path("s").properties()) {
      seen.put(
          shown.getKey(),
          new Seen(
              Version.parse(shown.getValue().path(0).asText()),
              Instant.parse(shown.getValue().path(1).asText())));
    }
    return new Memory(authors, seen, readPasts(json.path("p")));
  }

  private static Map<String, List<Past>> readPasts(JsonNode json) {
    Map<String, List<Past>> past = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      past.put(field.getKey(), readPast(field.getValue()));
    }
    return past;
  }

  private static List<Past> readPast(JsonNode json) {
    List<Past> values = new ArrayList<>();
    for (JsonNode entry : json) {
      values.add(
          new Past(
              Version.parse(entry.path("v").asText()),
              entry.path("x"),
              entry.path("d").textValue()));
    }
    return values;
  }
}
