package dev.tidemark.standalone.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What the schema calls text and somebody who knows the system calls a column, or a row's id. */
final class Specimens {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final RandomGenerator random;
  private final Catalog catalog;
  private final Map<String, List<JsonNode>> rows;
  private final List<String> operations = new ArrayList<>();
  private final List<String> batches = new ArrayList<>();

  Specimens(RandomGenerator random, Catalog catalog, Map<String, List<JsonNode>> rows) {
    this.random = random;
    this.catalog = catalog;
    this.rows = rows;
  }

  /** Remembers what an answer told, so that later requests can ask for it. */
  void learn(JsonNode answer) {
    answer.findValuesAsText("operation_id").forEach(id -> add(operations, id));
    answer.findValuesAsText("batch_id").forEach(id -> add(batches, id));
  }

  private void add(List<String> known, String id) {
    if (known.size() < 200) {
      known.add(id);
    } else {
      known.set(random.nextInt(known.size()), id);
    }
  }

  /** A value that could be right for a member or parameter of that name. */
  Optional<JsonNode> of(String name, String device) {
    return Optional.ofNullable(
        switch (name) {
          case "batch_id" -> JSON.textNode("b-" + random.nextInt(1_000_000));
          case "device_id", "X-Device-ID", "device" -> JSON.textNode(device);
          case "idempotency_key", "Idempotency-Key" ->
              JSON.textNode("k-" + random.nextInt(random.nextInt(4) == 0 ? 20 : 10_000_000));
          case "client_timestamp", "sent_at" ->
              JSON.textNode(Instant.now().minusSeconds(random.nextInt(4_000)).toString());
          case "operation" -> JSON.textNode(one("create", "update", "update", "delete"));
          case "conflict_resolution_strategy" ->
              JSON.textNode(
                  one("client_wins", "server_wins", "last_write_wins", "merge", "manual"));
          case "sequence" -> JSON.numberNode(random.nextInt(1_000));
          case "base_version" -> JSON.textNode("0001-%016X".formatted(random.nextInt(1 << 28)));
          case "resolution" -> JSON.textNode(one("client", "server", "merge"));
          case "status" -> JSON.textNode(one("open", "resolved", "all"));
          case "type" -> JSON.textNode(one("update_update", "create_create"));
          case "limit" -> JSON.numberNode(1 + random.nextInt(200));
          case "explain" -> JSON.textNode("text");
          case "Prefer" -> JSON.textNode("wait=" + random.nextInt(2));
          default -> null;
        });
  }

  /** What stands for {id} in a path. */
  String id(String path) {
    List<String> known = path.contains("/batches/") ? batches : operations;
    return known.isEmpty() ? "none" : known.get(random.nextInt(known.size()));
  }

  /** An operation's type, id and data, which belong together. */
  void fill(ObjectNode operation) {
    EntityType type = catalog.types().get(random.nextInt(catalog.types().size()));
    List<JsonNode> some = rows.getOrDefault(type.table().toString(), List.of());
    if (some.isEmpty()) {
      return;
    }
    ObjectNode row = (ObjectNode) some.get(random.nextInt(some.size()));
    ObjectNode other = (ObjectNode) some.get(random.nextInt(some.size()));
    operation.put("entity_type", type.name());
    String kind = operation.path("operation").asText();
    boolean create = kind.equals("create");
    operation.set("entity_id", id(type, row, create));
    ObjectNode data = JSON.objectNode();
    for (Map.Entry<String, JsonNode> column : other.properties()) {
      boolean wanted = create || random.nextInt(5) == 0;
      if (wanted && !kind.equals("delete") && !type.key().contains(column.getKey())) {
        data.set(column.getKey(), column.getValue());
      }
    }
    operation.set("data", data);
    if (random.nextInt(4) == 0) {
      operation.set("base_data", data.deepCopy());
    } else {
      operation.remove("base_data");
    }
  }

  private JsonNode id(EntityType type, ObjectNode row, boolean create) {
    if (type.key().size() > 1) {
      ObjectNode parts = JSON.objectNode();
      type.key().forEach(column -> parts.set(column, row.get(column)));
      return parts;
    }
    JsonNode value = row.path(type.key().getFirst());
    if (!create) {
      return value;
    }
    return value.isNumber()
        ? JSON.numberNode(100_000 + random.nextInt(300))
        : JSON.textNode(new UUID(random.nextInt(40), Long.MIN_VALUE).toString());
  }

  private String one(String... words) {
    return words[random.nextInt(words.length)];
  }
}
