package dev.tidemark.api.node;

import dev.tidemark.api.cache.Freshness;
import dev.tidemark.api.cache.MemoryTier;
import dev.tidemark.api.cache.SharedLog;
import dev.tidemark.api.cache.SharedLog.Applied;
import dev.tidemark.api.cache.SharedLog.Away;
import dev.tidemark.api.cache.SharedLog.Placed;
import dev.tidemark.pipeline.cache.InvalidationReader;
import dev.tidemark.pipeline.cache.InvalidationReader.Batch;
import dev.tidemark.pipeline.cache.InvalidationReader.Missed;
import dev.tidemark.pipeline.cache.core.Sight;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Redis what has become untrue. Every node does; Redis knows how far it has been told, so
 * whoever comes first does the work and none can leave something out. Redis is asked for answers
 * while it is not much behind what this node itself has heard.
 */
final class SharedFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedFeed.class);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LAST = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration LONGEST_TIDYING = Duration.ofMillis(25);

  /**
   * By how much Redis may be behind this node. What this node has heard since is marked, and marks
   * are kept for longer.
   */
  private static final Duration MOST_BEHIND = MemoryTier.marksKept().dividedBy(3);

  /** For how long a group that became untrue is remembered: longer than Redis keeps an answer. */
  private static final Duration GROUPS_KEPT = Duration.ofHours(25);

  /** So few that Redis is never busy for long. */
  private static final int AT_ONCE = 200;

  private final SharedLog shared;
  private final InvalidationReader reader;
  private final MemoryFeed memory;
  private final Freshness freshness;
  private final Supplier<@Nullable String> history;
  private final String topic;
  private final InstantSource clock;
  private final Thread thread;
  private final Deque<Heard> heard = new ArrayDeque<>();
  private volatile boolean closed;

  private @Nullable String opened;
  private long doubts;
  private Map<Integer, Long> told = new HashMap<>();
  private long lookedNanos;

  /** How far this node had heard at a moment. */
  private record Heard(long nanos, Map<Integer, Long> positions) {}

  /**
   * A feed that is not started.
   *
   * @param history names the history of the database; null while it is not known
   * @param topic names the topic of invalidations
   */
  SharedFeed(
      String kafka,
      String topic,
      SharedLog shared,
      MemoryFeed memory,
      Freshness freshness,
      Supplier<@Nullable String> history,
      InstantSource clock) {
    this.shared = shared;
    this.reader = new InvalidationReader(kafka, "tidemark-cache-shared");
    this.memory = memory;
    this.freshness = freshness;
    this.history = history;
    this.topic = topic;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("tidemark-cache-shared").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try (reader) {
      while (!closed) {
        try {
          step();
        } catch (RuntimeException e) {
          LOG.error("Redis cannot be told what has become untrue; it is tried again", e);
          shared.distrust("it cannot be told what has become untrue: " + e);
          opened = null;
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      }
    } finally {
      shared.distrust("this node is stopping");
    }
  }

  private void step() {
    String log = log();
    if (log == null) {
      LockSupport.parkNanos(PAUSE.toNanos());
      return;
    }
    try {
      if (!log.equals(opened) || doubts != shared.doubts()) {
        open(log);
      }
      for (Batch batch : reader.poll(STEP)) {
        if (!apply(log, batch)) {
          opened = null;
          return;
        }
      }
      look(log);
    } catch (Missed e) {
      LOG.warn("Redis forgets all answers: {}", e.getMessage());
      renew(log);
    } catch (Away e) {
      LOG.debug("Redis cannot be told now", e);
      opened = null;
      LockSupport.parkNanos(PAUSE.toNanos());
    } catch (InterruptException e) {
      closed = true;
    } catch (KafkaException e) {
      shared.distrust("it cannot be told what has become untrue: " + e.getMessage());
      opened = null;
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private @Nullable String log() {
    String now = history.get();
    return now == null ? null : topic + "/" + now;
  }

  private void open(String log) throws Away {
    doubts = shared.doubts();
    Map<Integer, Long> from =
        shared.open(log, reader.at(clock.instant().minus(MemoryFeed.LOOK_BACK)));
    reader.begin(from);
    told = new HashMap<>(from);
    opened = log;
  }

  private void renew(String log) {
    try {
      shared.renew(log, reader.at(clock.instant().minus(MemoryFeed.LOOK_BACK)));
    } catch (Away e) {
      LOG.debug("Redis cannot be told now", e);
    } catch (KafkaException e) {
      LOG.debug("The brokers cannot be asked now", e);
    }
    opened = null;
  }

  private boolean apply(String log, Batch batch) throws Away {
    if (!batch.whole()) {
      LOG.warn("Redis forgets all answers: an invalidation cannot be read");
      shared.renew(log, told);
    }
    List<Placed> all =
        batch.told().stream().map(one -> new Placed(one.offset(), one.invalidation())).toList();
    long from = batch.from();
    for (int i = 0; i == 0 || i < all.size(); i += AT_ONCE) {
      List<Placed> some = all.subList(i, Math.min(i + AT_ONCE, all.size()));
      boolean last = i + AT_ONCE >= all.size();
      long to = last ? batch.to() : some.getLast().offset() + 1;
      Applied applied = shared.apply(log, batch.partition(), from, to, some);
      switch (applied) {
        case Applied.UpTo(long _) -> {
          told.put(batch.partition(), to);
          from = to;
        }
        case Applied.Behind() -> {
          // It has gone back in time, and what it gives may have as well.
          shared.distrust("it has been told less than before and is told again");
          return false;
        }
        case Applied.Lost() -> {
          shared.distrust("it has lost what it was told");
          return false;
        }
      }
    }
    return true;
  }

  /** Now and then: whether Redis is well and not behind. */
  private void look(String log) throws Away {
    long now = freshness.now();
    if (now - lookedNanos < LOOK_EVERY.toNanos()) {
      return;
    }
    lookedNanos = now;
    if (!shared.knows(log)) {
      shared.distrust("it has lost what it was told");
      opened = null;
      return;
    }
    told.putAll(reader.positions());
    heard.addLast(new Heard(now, memory.positions()));
    while (heard.size() > 2 && now - second().nanos() > MOST_BEHIND.toNanos()) {
      heard.removeFirst();
    }
    if (isNotFarBehind(now)) {
      shared.trust(doubts);
    } else if (shared.trusted()) {
      shared.distrust("it is behind what has become untrue");
    }
    tidy(now);
  }

  /** Forgets what need not be known, for a moment at a time: Redis has other things to do. */
  private void tidy(long now) throws Away {
    Sight settled = freshness.sightBefore(now - MemoryTier.marksKept().toNanos()).orElse(null);
    if (settled == null) {
      return;
    }
    boolean more = true;
    while (more && freshness.now() - now < LONGEST_TIDYING.toNanos()) {
      more = shared.sweep(MemoryTier.marksKept(), GROUPS_KEPT, settled);
    }
  }

  private Heard second() {
    return heard.stream().skip(1).findFirst().orElseThrow();
  }

  private boolean isNotFarBehind(long now) {
    Heard reference = heard.getFirst();
    // Not long enough in business to know: then what this node has heard by now counts.
    if (now - reference.nanos() < MOST_BEHIND.toNanos()) {
      reference = heard.getLast();
    }
    return !reference.positions().isEmpty()
        && reference.positions().entrySet().stream()
            .allMatch(one -> told.getOrDefault(one.getKey(), -1L) >= one.getValue());
  }

  @Override
  public void close() {
    closed = true;
    reader.wakeUp();
    try {
      if (thread.isAlive() && !thread.join(LAST)) {
        LOG.warn("Redis is still being told");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
