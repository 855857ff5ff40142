package dev.tidemark.api.node;

import dev.tidemark.api.cache.SharedLog;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.pipeline.cache.CacheBeginning;
import dev.tidemark.pipeline.cache.CacheTopology;
import dev.tidemark.pipeline.cache.InvalidationReader;
import dev.tidemark.pipeline.runtime.RunningTopology;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** What the cache of this node needs of the brokers: told of everything, and sure of it. */
final class CacheParts implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final RunningTopology topology;

  private CacheParts(RunningTopology topology) {
    this.topology = topology;
    parts.push(topology);
  }

  /**
   * Starts them.
   *
   * @param shared the tier that all nodes share; null if there is none
   */
  static CacheParts start(
      Catalog catalog,
      ViewCache cache,
      @Nullable SharedLog shared,
      StreamsSettings settings,
      Admin admin,
      CapturedTables tables,
      MeterRegistry meters,
      InstantSource clock) {
    CacheTopology feature = new CacheTopology(catalog, meters);
    CacheBeginning.prepare(admin, feature, clock.instant());
    String topic = InvalidationReader.topicId(admin);
    CacheParts parts = new CacheParts(RunningTopology.start(feature, settings, meters));
    try {
      MemoryFeed memory = new MemoryFeed(settings.kafka(), cache, clock);
      parts.parts.push(memory);
      memory.start();
      FreshnessLoop loop =
          new FreshnessLoop(settings.kafka(), cache, admin, memory, tables, feature);
      parts.parts.push(loop);
      loop.start();
      if (shared != null) {
        SharedFeed feed =
            new SharedFeed(
                settings.kafka(), topic, shared, memory, cache.freshness(), loop::history, clock);
        parts.parts.push(feed);
        feed.start();
      }
      return parts;
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  RunningTopology topology() {
    return topology;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("a part of the cache did not close", e);
      }
    }
  }
}
