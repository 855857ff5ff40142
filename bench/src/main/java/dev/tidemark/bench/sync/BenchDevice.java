package dev.tidemark.bench.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.Door;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;

/** A device that sends batches of updates and waits until they are settled. One thread. */
final class BenchDevice {
  private static final int WAIT_SECONDS = 20;

  private final String name;
  private final Door door;
  private final String token;
  private final Random random;
  private long batches;
  private long operations;

  BenchDevice(String name, Door door, String token, long seed) {
    this.name = name;
    this.door = door;
    this.token = token;
    this.random = new Random(seed);
  }

  /** Some entries, none of them twice. */
  long[] entries(int count, int rows) {
    return random.longs(1, rows + 1L).distinct().limit(count).toArray();
  }

  /** Sends a batch; returns what was in conflict, once all of it is settled. */
  int send(long[] entries, Instant happened) throws Exception {
    Door.Answer answer = door.post("/api/sync", token, body(entries, happened), WAIT_SECONDS);
    JsonNode json = answer.json();
    if (answer.status() != 200 || !json.path("errors").isEmpty()) {
      throw new IllegalStateException(
          "a batch was not settled: " + answer.status() + " " + shortened(answer.body()));
    }
    return json.path("conflicts").size();
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(500, text.length()));
  }

  private String body(long[] entries, Instant happened) {
    ObjectNode batch = JsonNodeFactory.instance.objectNode();
    batch.put("batch_id", name + "-" + batches++);
    batch.put("device_id", name);
    batch.put("sent_at", Instant.now().toString());
    ArrayNode all = batch.putArray("operations");
    LongStream.of(entries)
        .forEach(
            entry -> {
              ObjectNode operation = all.addObject();
              operation.put("entity_type", "entry");
              operation.put("entity_id", entry);
              operation.put("operation", "update");
              operation.putObject("data").put("title", "title " + random.nextInt());
              operation.put("client_timestamp", happened.toString());
              operation.put("idempotency_key", name + "-" + operations);
              operation.put("conflict_resolution_strategy", "merge");
              operation.put("sequence", operations++);
            });
    return batch.toString();
  }
}
