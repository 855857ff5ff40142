package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Thinks of what a device may want to do to the rows it knows. Pure but for its dice. */
final class Composer {
  private static final List<String> STRATEGIES =
      List.of("client_wins", "server_wins", "last_write_wins", "merge", "manual");
  private static final List<String> TAGS = List.of("wet", "dry", "old", "new", "red", "blue");
  private static final long CREATED_FROM = 100;
  private static final int CREATED = 30;

  private final String device;
  private final String owner;
  private final Random random;
  private final Knowledge knowledge;
  private long sequence;

  /** What the device knows. */
  interface Knowledge {
    @Nullable Seen of(String type, long id);

    /** An edit that is not sent yet. */
    void edit(String type, long id, ObjectNode patch);
  }

  Composer(String device, String owner, Random random, Knowledge knowledge) {
    this.device = device;
    this.owner = owner;
    this.random = random;
    this.knowledge = knowledge;
  }

  /** Some operations that belong together; a child comes with its parent. */
  List<Intent> compose() {
    List<Intent> intents = new ArrayList<>();
    int dice = random.nextInt(100);
    if (dice < 45) {
      intents.add(count("item", item()));
    } else if (dice < 70) {
      intents.add(edit(item()));
    } else if (dice < 80) {
      intents.add(collect(item()));
    } else if (dice < 86) {
      createFamily(intents);
    } else if (dice < 91) {
      intents.add(createPart(item()));
    } else if (dice < 94) {
      intents.add(delete("item", CREATED_FROM + random.nextInt(CREATED)));
    } else if (dice < 96) {
      intents.add(delete("part", CREATED_FROM + random.nextInt(CREATED)));
    } else if (dice < 98) {
      intents.add(update("item", item(), Json.object().put("note", "forbidden"), "merge", true));
    } else {
      intents.add(invalid(item()));
    }
    return intents;
  }

  private long item() {
    if (random.nextInt(10) == 0) {
      return CREATED_FROM + random.nextInt(CREATED);
    }
    // Mostly rows that it may see.
    long own = 2L * random.nextInt(Tables.HOT / 2) + (owner.equals("north") ? 2 : 1);
    return random.nextInt(10) == 0 ? 1L + random.nextInt(Tables.HOT) : own;
  }

  private Intent count(String type, long id) {
    String field = Intent.counter(type);
    Seen seen = knowledge.of(type, id);
    if (seen == null || seen.version() == null || !seen.row().path(field).isIntegralNumber()) {
      return edit(id);
    }
    long before = seen.row().path(field).longValue();
    long counted = 1L + random.nextInt(5);
    ObjectNode data = Json.object().put(field, before + counted);
    if (random.nextInt(4) == 0) {
      data.put("title", "counted " + random.nextInt(1_000));
    }
    ObjectNode operation = operation(type, id, "update", data, "merge");
    operation.put("base_version", seen.version());
    operation.putObject("base_data").put(field, before);
    knowledge.edit(type, id, data);
    return intent(type, id, operation, OptionalLong.of(counted), true);
  }

  private Intent edit(long id) {
    ObjectNode data = Json.object();
    switch (random.nextInt(4)) {
      case 0 -> data.put("title", "title " + random.nextInt(1_000));
      case 1 -> data.put("note", random.nextInt(8) == 0 ? null : "note " + random.nextInt(1_000));
      case 2 -> {
        data.put("title", "both " + random.nextInt(1_000));
        data.put("note", "both " + random.nextInt(1_000));
      }
      default ->
          data.putObject("settings")
              .put("colour", random.nextInt(5))
              .putObject("limits")
              .put("high", random.nextInt(9));
    }
    return update(
        "item", id, data, STRATEGIES.get(random.nextInt(STRATEGIES.size())), random.nextInt(3) > 0);
  }

  private Intent collect(long id) {
    Seen seen = knowledge.of("item", id);
    ObjectNode data = Json.object();
    ArrayNode tags = data.putArray("tags");
    if (seen != null) {
      for (JsonNode tag : seen.row().path("tags")) {
        if (random.nextInt(4) > 0) {
          tags.add(tag);
        }
      }
    }
    String added = TAGS.get(random.nextInt(TAGS.size()));
    if (!tags.toString().contains('"' + added + '"')) {
      tags.add(added);
    }
    if (random.nextBoolean()) {
      data.putArray("supplies")
          .addObject()
          .put("sku", "s" + random.nextInt(4))
          .put("n", random.nextInt(9));
    }
    return update("item", id, data, "merge", true);
  }

  private Intent update(String type, long id, ObjectNode data, String strategy, boolean based) {
    ObjectNode operation = operation(type, id, "update", data, strategy);
    Seen seen = knowledge.of(type, id);
    if (based && seen != null && seen.version() != null) {
      operation.put("base_version", seen.version());
      ObjectNode base = operation.putObject("base_data");
      data.fieldNames().forEachRemaining(field -> base.set(field, seen.row().get(field)));
    }
    knowledge.edit(type, id, data);
    return intent(type, id, operation, OptionalLong.empty(), true);
  }

  private void createFamily(List<Intent> intents) {
    long id = CREATED_FROM + random.nextInt(CREATED);
    ObjectNode data = Json.object().put("owner", owner).put("title", "made by " + device);
    intents.add(created("item", id, data));
    if (random.nextBoolean()) {
      Intent part = createPart(id);
      // The child first, now and then: the order within a batch is the device's own affair.
      intents.add(random.nextInt(3) == 0 ? 0 : 1, part);
    }
  }

  private Intent createPart(long item) {
    long id = CREATED_FROM + random.nextInt(CREATED);
    ObjectNode data =
        Json.object().put("owner", owner).put("item_id", item).put("name", "part of " + item);
    return created("part", id, data);
  }

  private Intent created(String type, long id, ObjectNode data) {
    return intent(
        type,
        id,
        operation(type, id, "create", data, STRATEGIES.get(random.nextInt(STRATEGIES.size()))),
        OptionalLong.empty(),
        true);
  }

  private Intent delete(String type, long id) {
    ObjectNode operation =
        operation(type, id, "delete", null, STRATEGIES.get(random.nextInt(STRATEGIES.size())));
    Seen seen = knowledge.of(type, id);
    if (seen != null && seen.version() != null) {
      operation.put("base_version", seen.version());
    }
    return intent(type, id, operation, OptionalLong.empty(), true);
  }

  private Intent invalid(long id) {
    ObjectNode data = Json.object().put("no_such_column", 1);
    return intent(
        "item", id, operation("item", id, "update", data, "merge"), OptionalLong.empty(), false);
  }

  private ObjectNode operation(
      String type, long id, String kind, @Nullable ObjectNode data, String strategy) {
    ObjectNode operation = Json.object();
    operation.put("entity_type", type);
    operation.put("entity_id", id);
    operation.put("operation", kind);
    if (data != null) {
      operation.set("data", data);
    }
    operation.put("client_timestamp", Instant.now().toString());
    operation.put("idempotency_key", device + "-" + sequence);
    operation.put("conflict_resolution_strategy", strategy);
    operation.put("sequence", sequence++);
    return operation;
  }

  private Intent intent(
      String type, long id, ObjectNode operation, OptionalLong counted, boolean valid) {
    return new Intent(
        device, operation.path("idempotency_key").asText(), type, id, operation, counted, valid);
  }
}
