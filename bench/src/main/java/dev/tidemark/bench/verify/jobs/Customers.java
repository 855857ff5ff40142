package dev.tidemark.bench.verify.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.verify.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Those who want jobs done, and those who want them otherwise. */
final class Customers implements AutoCloseable {
  static final String TRIGGERED = "none_missed";

  private static final String JOBS = "/api/sync/jobs";
  private static final int REST_MILLIS = 600;
  private static final int FAR_SECONDS = 3_600;
  private static final List<String> KEYS = List.of("north", "south", "east");
  private static final List<String> TYPES =
      List.of(
          "quick", "quick", "quick", "held", "held", "narrow", "keyed", "keyed", "sole", "once",
          "paced", "frail", "frail", "steps", "steps", "deaf");

  private final Asked asked;
  private final long seed;
  private final List<Door> doors = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final String token;
  private volatile boolean stopping;

  Customers(JobsSystem system, Asked asked, long seed) {
    this.asked = asked;
    this.seed = seed;
    this.token = system.tokens().operator();
    for (int i = 0; i < JobsSystem.NODES; i++) {
      doors.add(new Door(system.url(i)));
    }
  }

  void start(int count) {
    for (int i = 0; i < count; i++) {
      Customer customer = new Customer("c" + i, new Random(seed * 1_000 + i));
      threads.add(Thread.ofVirtual().start(() -> repeat(customer::act)));
    }
    Random keeper = new Random(seed * 1_000 + 900);
    threads.add(Thread.ofVirtual().start(() -> repeat(() -> keep(keeper))));
  }

  private interface Act {
    void go() throws IOException, InterruptedException;
  }

  private void repeat(Act act) {
    while (!stopping) {
      try {
        act.go();
      } catch (IOException _) {
        // A node is away. Whether it heard is not known.
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        asked.trouble("a customer fails with " + e);
        return;
      }
    }
  }

  int requests() {
    return requests.get();
  }

  List<Door> doors() {
    return doors;
  }

  /** Has a queue rest for a while, and asks for jobs of a schedule. */
  private void keep(Random random) throws IOException, InterruptedException {
    Thread.sleep(500 + random.nextInt(1_500));
    Door door = doors.get(random.nextInt(doors.size()));
    post(door, "/api/queues/held/pause", "", 0);
    Thread.sleep(200 + random.nextInt(1_200));
    resume(random.nextInt(doors.size()));
    if (random.nextInt(3) == 0) {
      asked.triggers("schedule/" + TRIGGERED + "/user/operator");
      post(door, "/api/schedules/" + TRIGGERED + "/trigger", "", 0);
    }
  }

  /** Says so until it has been heard. */
  private void resume(int first) throws InterruptedException {
    for (int i = first; ; i++) {
      try {
        int status = post(doors.get(i % doors.size()), "/api/queues/held/resume", "", 0).status();
        if (status == 200 || status == 202) {
          return;
        }
      } catch (IOException _) {
        // The other may be there.
      }
      Thread.sleep(100);
    }
  }

  private Door.Answer post(Door door, String path, String body, int wait)
      throws IOException, InterruptedException {
    requests.incrementAndGet();
    return door.post(path, token, body, wait);
  }

  /** One of them. */
  private final class Customer {
    private final String name;
    private final Random random;
    private int number;

    private Customer(String name, Random random) {
      this.name = name;
      this.random = random;
    }

    private void act() throws IOException, InterruptedException {
      Thread.sleep(30 + random.nextInt(REST_MILLIS));
      Door door = doors.get(random.nextInt(doors.size()));
      int dice = random.nextInt(100);
      if (dice < 55) {
        one(door);
      } else if (dice < 67) {
        many(door);
      } else if (dice < 78) {
        onSome(6, id -> cancel(door, id));
      } else if (dice < 90) {
        onSome(60, id -> retry(door, id));
      } else {
        onSome(30, id -> reschedule(door, id));
      }
    }

    private ObjectNode wish() {
      String type = TYPES.get(random.nextInt(TYPES.size()));
      ObjectNode job = Json.object().put("type", type);
      ObjectNode input = job.putObject("input");
      input.put("nonce", name + "-" + number++);
      input.put("millis", random.nextInt(60));
      switch (type) {
        case "keyed" -> job.put("key", KEYS.get(random.nextInt(KEYS.size())));
        case "sole", "once" -> {
          job.put("unique_key", KEYS.get(random.nextInt(KEYS.size())));
          input.put("millis", random.nextInt(600));
        }
        // Some never succeed.
        case "frail" -> input.put("fails", random.nextInt(5)).put("final", random.nextInt(8) == 0);
        case "steps" -> input.put("steps", 3 + random.nextInt(8)).put("millis", 250);
        case "deaf" -> input.put("deaf", true).put("millis", 500 + random.nextInt(2_500));
        default -> {
          // As it is.
        }
      }
      if (random.nextInt(3) == 0) {
        job.put("priority", random.nextInt(10));
      }
      int when = random.nextInt(40);
      if (when == 0) {
        job.put("delay", FAR_SECONDS);
      } else if (when < 10) {
        job.put("delay", (random.nextInt(30) + 1) * 100 + "ms");
      }
      asked.asks(input.path("nonce").asText());
      return job;
    }

    private void one(Door door) throws IOException, InterruptedException {
      ObjectNode wish = wish();
      Door.Answer answer = post(door, JOBS, wish.toString(), random.nextInt(3));
      if (answer.status() == 201 || answer.status() == 202) {
        accepted(answer.json().path("id").asText(), wish);
      } else if (answer.status() != 409 && answer.status() < 500) {
        asked.trouble(answer + " to " + wish);
      }
    }

    private void many(Door door) throws IOException, InterruptedException {
      ObjectNode body = Json.object();
      ArrayNode jobs = body.putArray("jobs");
      int count = 2 + random.nextInt(18);
      for (int i = 0; i < count; i++) {
        jobs.add(wish());
      }
      Door.Answer answer = post(door, JOBS + "/bulk", body.toString(), 0);
      if (answer.status() == 202) {
        JsonNode ids = answer.json().path("ids");
        for (int i = 0; i < count; i++) {
          accepted(ids.path(i).asText(), jobs.get(i));
        }
      } else if (answer.status() < 500) {
        asked.trouble(answer + " to " + body);
      }
    }

    private void accepted(String id, JsonNode wish) {
      asked.accepted(
          new Asked.Accepted(
              id,
              wish.at("/input/nonce").asText(),
              wish.path("delay").isInt() ? Instant.now().plusSeconds(FAR_SECONDS) : Instant.now(),
              System.nanoTime()));
    }

    private interface OnJob {
      void act(String id) throws IOException, InterruptedException;
    }

    private void onSome(int among, OnJob deed) throws IOException, InterruptedException {
      Optional<Asked.Accepted> job = asked.recent(random.nextInt(among), among);
      if (job.isPresent()) {
        deed.act(job.get().id());
      }
    }

    private void cancel(Door door, String id) throws IOException, InterruptedException {
      requests.incrementAndGet();
      check(door.delete(JOBS + "/" + id, token), "cancel " + id);
    }

    private void retry(Door door, String id) throws IOException, InterruptedException {
      asked.retries(id);
      check(post(door, JOBS + "/" + id + "/retry", "{}", 1), "retry " + id);
    }

    private void reschedule(Door door, String id) throws IOException, InterruptedException {
      String body = "{\"delay\":\"" + (100 + random.nextInt(2_000)) + "ms\"}";
      check(post(door, JOBS + "/" + id + "/reschedule", body, 1), "reschedule " + id);
    }

    /** What a job is in no state for is refused; a node may not know of it yet. */
    private void check(Door.Answer answer, String what) {
      int status = answer.status();
      if (status != 200 && status != 202 && status != 404 && status != 409 && status < 500) {
        asked.trouble(answer + " to " + what);
      }
    }
  }

  /** Has everybody end what they are at; nothing is left paused. */
  void finish() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofSeconds(60))) {
        asked.trouble("a customer does not end");
      }
    }
    resume(0);
  }

  @Override
  public void close() {
    stopping = true;
    threads.forEach(Thread::interrupt);
    doors.forEach(Door::close);
  }
}
