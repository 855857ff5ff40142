package dev.tidemark.api.node;

import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.pipeline.cache.InvalidationReader;
import dev.tidemark.pipeline.cache.InvalidationReader.Batch;
import dev.tidemark.pipeline.cache.InvalidationReader.Missed;
import dev.tidemark.pipeline.cache.InvalidationReader.Told;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cache of this node what has become untrue. It begins some minutes back, because a
 * commit may wait in the log before readers see it.
 */
final class MemoryFeed implements AutoCloseable {
  /** A commit that waits for longer for its standby's word, while a node starts, is not known. */
  static final Duration LOOK_BACK = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(MemoryFeed.class);
  private static final Duration STEP = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LAST = Duration.ofSeconds(5);

  private final InvalidationReader reader;
  private final ViewCache cache;
  private final InstantSource clock;
  private final Map<Integer, Long> positions = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  MemoryFeed(String kafka, ViewCache cache, InstantSource clock) {
    this.reader = new InvalidationReader(kafka, "tidemark-cache-memory");
    this.cache = cache;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("tidemark-cache-memory").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** How far this node has heard, by partition. */
  Map<Integer, Long> positions() {
    return Map.copyOf(positions);
  }

  private void run() {
    try (reader) {
      boolean begun = false;
      while (!closed) {
        begun = begun ? step() : begin();
      }
    }
  }

  private boolean begin() {
    try {
      Map<Integer, Long> from = reader.at(clock.instant().minus(LOOK_BACK));
      reader.begin(from);
      positions.clear();
      positions.putAll(from);
      return true;
    } catch (InterruptException e) {
      closed = true;
    } catch (KafkaException e) {
      LOG.warn("Invalidations cannot be read yet: {}", e.getMessage());
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return false;
  }

  private boolean step() {
    try {
      for (Batch batch : reader.poll(STEP)) {
        if (!batch.whole()) {
          cache.missed("an invalidation that cannot be read");
        }
        cache.heard(invalidations(batch));
      }
      // Also where there was nothing but what is no record.
      positions.putAll(reader.positions());
      return true;
    } catch (Missed e) {
      cache.missed(String.valueOf(e.getMessage()));
      return false;
    } catch (InterruptException e) {
      closed = true;
      return false;
    } catch (KafkaException e) {
      LOG.warn("Invalidations cannot be read right now: {}", e.getMessage());
      LockSupport.parkNanos(PAUSE.toNanos());
      return true;
    } catch (RuntimeException e) {
      // A part of them may have been taken in, so it begins again.
      LOG.error("Invalidations cannot be taken in; they are read again", e);
      cache.missed("an invalidation that could not be taken in");
      LockSupport.parkNanos(PAUSE.toNanos());
      return false;
    }
  }

  private static List<Invalidation> invalidations(Batch batch) {
    return batch.told().stream().map(Told::invalidation).toList();
  }

  /** Whether this node has heard everything before these positions. */
  boolean hasPassed(Map<Integer, Long> ends) {
    Map<Integer, Long> here = new HashMap<>(positions);
    return ends.entrySet().stream()
        .allMatch(end -> here.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }

  @Override
  public void close() {
    closed = true;
    reader.wakeUp();
    try {
      if (thread.isAlive() && !thread.join(LAST)) {
        LOG.warn("Invalidations are still being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
