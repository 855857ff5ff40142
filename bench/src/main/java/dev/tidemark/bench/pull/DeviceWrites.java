package dev.tidemark.bench.pull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.Door;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/** Devices that each send an update now and then, and wait a while for its outcome. */
final class DeviceWrites {
  private static final int WAIT_SECONDS = 5;
  private static final AtomicLong BATCHES = new AtomicLong();

  private final Door door;
  private final List<String> names;
  private final List<String> tokens;

  DeviceWrites(Door door, List<String> names, List<String> tokens) {
    this.door = door;
    this.names = List.copyOf(names);
    this.tokens = List.copyOf(tokens);
  }

  /**
   * Sends at a steady rate, whether those before are settled or not; returns when all are.
   *
   * @param id the row to change at each turn
   */
  void send(Writes writes, int rate, Duration duration, LongUnaryOperator id) throws Exception {
    int count = Math.min(writes.most(), Committers.count(rate, duration));
    List<Future<Long>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long begun = System.nanoTime();
      for (int i = 0; i < count; i++) {
        int turn = i;
        long due = begun + i * 1_000_000_000L / rate;
        Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
        running.add(threads.submit(() -> one(writes, turn % names.size(), id.applyAsLong(turn))));
      }
    }
    for (Future<Long> one : running) {
      one.get();
    }
  }

  private long one(Writes writes, int device, long id) throws Exception {
    long number = writes.begin();
    Door.Answer answer =
        door.post(
            "/api/sync",
            tokens.get(device),
            body(names.get(device), id, Marks.text(number)),
            WAIT_SECONDS);
    writes.done(number);
    // What is not settled within the wait may still be: that it is received tells.
    if (answer.status() / 100 != 2 || !answer.json().path("errors").isEmpty()) {
      throw new IllegalStateException(
          "a batch was refused: " + answer.status() + " " + answer.body());
    }
    return number;
  }

  private static String body(String device, long id, String mark) {
    long batch = BATCHES.getAndIncrement();
    String now = Instant.now().toString();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("batch_id", device + "-" + batch);
    json.put("device_id", device);
    json.put("sent_at", now);
    ObjectNode operation = json.putArray("operations").addObject();
    operation.put("entity_type", "item");
    operation.put("entity_id", id);
    operation.put("operation", "update");
    operation.putObject("data").put("mark", mark);
    operation.put("client_timestamp", now);
    operation.put("idempotency_key", device + "-" + batch);
    operation.put("conflict_resolution_strategy", "merge");
    operation.put("sequence", batch);
    return json.toString();
  }
}
