package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Json;
import java.time.Instant;
import java.util.List;

/** What a device sends at once, and sends again, unchanged, until it is settled. */
record Batch(String device, String id, List<Intent> intents, String body) {
  static Batch of(String device, String id, List<Intent> intents) {
    ObjectNode json = Json.object();
    json.put("batch_id", id);
    json.put("device_id", device);
    json.put("sent_at", Instant.now().toString());
    ArrayNode operations = json.putArray("operations");
    intents.forEach(intent -> operations.add(intent.operation()));
    return new Batch(device, id, List.copyOf(intents), json.toString());
  }
}
