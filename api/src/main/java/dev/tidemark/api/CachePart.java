package dev.tidemark.api;

import dev.tidemark.api.cache.CacheMeters;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.cache.Freshness;
import dev.tidemark.api.cache.MemoryTier;
import dev.tidemark.api.cache.NoSharedTier;
import dev.tidemark.api.cache.SharedLog;
import dev.tidemark.api.cache.SharedTier;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.cache.redis.RedisTier;
import dev.tidemark.api.cache.source.PostgresViews;
import dev.tidemark.api.cache.tend.Checker;
import dev.tidemark.api.cache.tend.Tending;
import dev.tidemark.api.cache.tend.Warmer;
import dev.tidemark.contract.catalog.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The cache with its tiers, before a node tells it of anything. */
record CachePart(
    ViewCache cache,
    PostgresViews source,
    @Nullable RedisTier redis,
    Warmer warmer,
    Checker checker,
    AtomicReference<@Nullable Tending> tending)
    implements AutoCloseable {

  static CachePart of(CacheSettings settings, Catalog catalog, MeterRegistry meters) {
    Freshness freshness = new Freshness(settings.patience(), System::nanoTime);
    MemoryTier memory =
        new MemoryTier(
            settings.memory(), System::currentTimeMillis, key -> ViewCache.staleFor(catalog, key));
    PostgresViews source = new PostgresViews(settings, catalog);
    RedisTier redis =
        settings.redis().isPresent() && !catalog.views().isEmpty()
            ? new RedisTier(settings, meters, System::currentTimeMillis)
            : null;
    SharedTier shared = redis == null ? new NoSharedTier() : redis;
    ViewCache cache =
        new ViewCache(
            settings,
            catalog,
            memory,
            shared,
            source,
            freshness,
            new CacheMeters(meters, memory, freshness),
            System::currentTimeMillis);
    return new CachePart(
        cache,
        source,
        redis,
        new Warmer(cache, catalog, meters),
        new Checker(cache, meters),
        new AtomicReference<>());
  }

  /** Begins to warm and to check. */
  void tend() {
    tending.set(Tending.start(cache.settings(), warmer, checker));
  }

  @Nullable SharedLog sharedLog() {
    return redis;
  }

  @Override
  public void close() {
    Tending begun = tending.getAndSet(null);
    if (begun != null) {
      begun.close();
    }
    cache.close();
    source.close();
    if (redis != null) {
      redis.close();
    }
  }
}
