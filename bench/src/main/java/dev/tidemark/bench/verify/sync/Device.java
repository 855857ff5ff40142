package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.verify.sync.readers.Settlements;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A device that is offline for a while, then sends what it has gathered until it is settled: again
 * after silence, to the other node, to both at once, and now and then once more although it has its
 * answer. One thread.
 */
final class Device implements Runnable {
  private static final int WAIT_SECONDS = 5;
  private static final long REST_MILLIS = 200;

  private final String name;
  private final String token;
  private final List<Door> doors;
  private final Random random;
  private final Composer composer;
  private final Correspondence letters;
  private final Executor beside;
  private final String owner;
  private final Lock writing;
  private final Settlements settlements;
  private final Map<String, Seen> seen = new HashMap<>();
  private int batches;
  private volatile long pendingSince;
  private volatile boolean finishing;

  Device(
      String name,
      String owner,
      String token,
      List<Door> doors,
      Random random,
      Correspondence letters,
      Executor beside,
      Lock writing,
      Settlements settlements) {
    this.name = name;
    this.token = token;
    this.doors = List.copyOf(doors);
    this.random = random;
    this.letters = letters;
    this.beside = beside;
    this.owner = owner;
    this.writing = writing;
    this.settlements = settlements;
    this.composer =
        new Composer(
            name,
            owner,
            random,
            new Composer.Knowledge() {
              @Override
              public @Nullable Seen of(String type, long id) {
                return seen.get(type + "/" + id);
              }

              @Override
              public void edit(String type, long id, ObjectNode patch) {
                seen.computeIfPresent(
                    type + "/" + id,
                    (_, known) -> {
                      ObjectNode row = known.row().deepCopy();
                      row.setAll(patch);
                      return new Seen(known.version(), row);
                    });
              }
            });
  }

  @Override
  public void run() {
    try {
      while (!finishing) {
        Thread.sleep(random.nextInt(400));
        look();
        List<Intent> intents = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
          intents.addAll(composer.compose());
        }
        batches++;
        writing.lockInterruptibly();
        try {
          deliver(Batch.of(name, name + "-batch-" + batches, intents));
        } finally {
          writing.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      letters.trouble(name + " failed: " + e);
    }
  }

  /** When the batch that is not settled was first sent, by the machine's clock; 0 if none waits. */
  long pendingSince() {
    return pendingSince;
  }

  /** Lets it deliver what it has gathered, and end. */
  void finish() {
    finishing = true;
  }

  /** Reads a row, as a pull would bring it. */
  private void look() throws InterruptedException {
    long id = 1L + random.nextInt(Tables.HOT);
    try {
      Door.Answer answer = door().get("/api/entities/item/" + id, token);
      JsonNode json = answer.json();
      if (answer.status() == 200 && json.get("fields") instanceof ObjectNode row) {
        seen.put("item/" + id, new Seen(json.path("version").asText(), row));
      } else if (answer.status() == 404) {
        seen.remove("item/" + id);
      }
    } catch (IOException e) {
      letters.unreachable();
    }
  }

  private Door door() {
    return doors.get(random.nextInt(doors.size()));
  }

  private void deliver(Batch batch) throws InterruptedException {
    letters.sent(batch);
    pendingSince = System.nanoTime();
    Answered settled = null;
    while (settled == null) {
      settled = random.nextInt(6) == 0 ? sendTwice(batch) : send(door(), batch);
      if (settled == null) {
        Thread.sleep(random.nextLong(REST_MILLIS));
      }
    }
    letters.settled(Duration.ofNanos(System.nanoTime() - pendingSince));
    pendingSince = 0;
    learn(batch, settled);
    if (random.nextInt(8) == 0) {
      send(door(), batch);
    }
  }

  /** To two nodes at once, as an impatient client does. */
  private @Nullable Answered sendTwice(Batch batch) throws InterruptedException {
    CompletableFuture<@Nullable Answered> other =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return send(doors.getLast(), batch);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
              }
            },
            beside);
    Answered one = send(doors.getFirst(), batch);
    try {
      Answered two = other.get();
      return one == null ? two : one;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Answered send(Door door, Batch batch) throws InterruptedException {
    try {
      Door.Answer answer = door.post("/api/sync", token, batch.body(), WAIT_SECONDS);
      if (answer.status() == 200 || answer.status() == 202) {
        Answered answered = Answered.of(answer.status(), answer.json());
        letters.answered(batch, answered);
        return answered.settled() ? answered : null;
      }
      if (answer.status() < 500 && answer.status() != 429) {
        letters.trouble(name + " was refused: " + answer.status() + " " + answer.body());
      }
      letters.putOff();
    } catch (IOException e) {
      letters.unreachable();
    }
    return null;
  }

  /** Its own edits are done with: what counts now is what it was answered. */
  private void learn(Batch batch, Answered answered) {
    for (int i = 0; i < batch.intents().size(); i++) {
      Intent intent = batch.intents().get(i);
      Answered.Entry entry = answered.entries().get(i);
      String key = intent.type() + "/" + intent.entity();
      if (entry == null || entry.version() == null || entry.row() == null) {
        seen.remove(key);
      } else {
        seen.put(key, new Seen(entry.version(), entry.row()));
        settlements.add("owner/" + owner, key, entry.version());
      }
    }
  }
}
