package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.system.SyncSystem;
import java.net.URI;
import java.util.Random;
import redis.clients.jedis.Jedis;

/** What can happen to a Redis. */
final class RedisFaults {
  private static final int LONGEST_FREEZE_MILLIS = 6_000;
  private static final int LONGEST_ABSENCE_MILLIS = 2_000;
  private static final int LONGEST_BACK_MILLIS = 5_000;

  /** So little that answers are evicted all the time, and the state of the cache with them. */
  private static final int SMALL_KILOBYTES = 200;

  private final SyncSystem system;
  private final Random random;

  RedisFaults(SyncSystem system, Random random) {
    this.system = system;
    this.random = random;
  }

  String any() throws InterruptedException {
    return switch (random.nextInt(6)) {
      case 0 -> killed();
      case 1 -> paused();
      case 2 -> flushed();
      case 3 -> replaced();
      case 4 -> small();
      default -> backInTime();
    };
  }

  private String killed() throws InterruptedException {
    system.redis().kill();
    Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
    system.redis().start();
    return "redis killed, and empty";
  }

  private String paused() throws InterruptedException {
    int millis = 300 + random.nextInt(LONGEST_FREEZE_MILLIS);
    system.redis().freeze();
    try {
      Thread.sleep(millis);
    } finally {
      system.redis().thaw();
    }
    return "redis paused for %.1f s".formatted(millis / 1e3);
  }

  private String flushed() throws InterruptedException {
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      try (Jedis redis = connect()) {
        redis.flushAll();
      }
      Thread.sleep(random.nextInt(500));
    }
    return "redis flushed, " + times + " times";
  }

  /** At once, so that it may be that nobody sees that it was away. */
  private String replaced() {
    system.redis().kill();
    system.redis().start();
    return "redis replaced by an empty one";
  }

  private String small() throws InterruptedException {
    String policy =
        random.nextBoolean()
            ? "allkeys-random"
            : random.nextBoolean() ? "noeviction" : "allkeys-lru";
    try (Jedis redis = connect()) {
      long used =
          redis
              .info("memory")
              .lines()
              .filter(line -> line.startsWith("used_memory:"))
              .mapToLong(line -> Long.parseLong(line.substring(12).strip()))
              .findFirst()
              .orElse(1 << 20);
      redis.configSet("maxmemory-policy", policy);
      redis.configSet("maxmemory", Long.toString(used - (SMALL_KILOBYTES << 10)));
    }
    Thread.sleep(2_000 + random.nextInt(2_000));
    try (Jedis redis = connect()) {
      redis.configSet("maxmemory", "0");
      redis.configSet("maxmemory-policy", "noeviction");
    }
    return "redis short of memory, " + policy;
  }

  /** As when a replica takes over that was behind: answers come back that had been dropped. */
  private String backInTime() throws InterruptedException {
    int millis = 500 + random.nextInt(LONGEST_BACK_MILLIS);
    try (Jedis redis = connect()) {
      redis.save();
    }
    Thread.sleep(millis);
    system.redis().kill();
    system.redis().start();
    return "redis as it was %.1f s before".formatted(millis / 1e3);
  }

  private Jedis connect() {
    return new Jedis(URI.create(system.redis().url()));
  }
}
