package dev.tidemark.bench.verify.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.cache.node.DeafNode;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** A defect that has to be noticed; the api knows nothing of it. */
enum CachePlant {
  /** One node hears of nothing that becomes untrue, and believes that it has heard of all. */
  DEAF(Kind.STALE) {
    @Override
    void prepare(SyncSystem system) {
      system.nodeMain(1, DeafNode.class.getName());
    }
  },
  /**
   * Redis holds former rows under snapshots that show the present ones; the cache's own check has
   * to see it.
   */
  FORGE(Kind.STATE) {
    @Override
    void plant(SyncSystem system, Trade trade) throws InterruptedException {
      trade.pause();
      try {
        Thread.sleep(QUIET);
        forge(system);
        Statuses.await(system, FOUND_WITHIN);
      } finally {
        trade.resume();
      }
    }
  };

  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final Duration FOUND_WITHIN = Duration.ofSeconds(90);
  private static final String ENTRIES = "{tidemark}:e:thing:*";

  private final Kind finding;

  CachePlant(Kind finding) {
    this.finding = finding;
  }

  static CachePlant parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Before anything is started. */
  void prepare(SyncSystem system) {
    // Most defects come later.
  }

  /** While everything runs; waits until it has been noticed, or should have been. */
  void plant(SyncSystem system, Trade trade) throws InterruptedException {
    // Some are there from the start.
  }

  boolean caught(Findings findings) {
    return findings.count(finding) > 0;
  }

  /** Another body under the line that says in which snapshot it was read. */
  private static void forge(SyncSystem system) {
    try (Jedis redis = new Jedis(URI.create(system.redis().url()))) {
      for (String key : redis.keys(ENTRIES)) {
        byte[] entry = redis.get(key.getBytes(UTF_8));
        String text = entry == null ? "" : new String(entry, UTF_8);
        if (text.contains("\"revision\":")) {
          redis.set(
              key.getBytes(UTF_8),
              text.replaceFirst("\"revision\":\\d+", "\"revision\":0").getBytes(UTF_8),
              SetParams.setParams().keepTtl());
        }
      }
    }
  }
}
