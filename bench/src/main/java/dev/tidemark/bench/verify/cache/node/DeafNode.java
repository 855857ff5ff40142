package dev.tidemark.bench.verify.cache.node;

import dev.tidemark.api.ApiSettings;
import dev.tidemark.api.RunningApi;
import dev.tidemark.api.cache.CacheMeters;
import dev.tidemark.api.cache.MemoryTier;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Deque;

/**
 * A node that hears of everything and believes so, and whose answers in memory are never dropped:
 * what it hears goes to a cache that nobody asks. The defect is built by reaching into a running
 * node; the api has no way to be told to be deaf.
 */
public final class DeafNode {
  private DeafNode() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    RunningApi api = QuietNode.start();
    Object feed = feed(api);
    Field cache = feed.getClass().getDeclaredField("cache");
    cache.setAccessible(true);
    cache.set(feed, unasked((ViewCache) cache.get(feed)));
  }

  private static ViewCache unasked(ViewCache cache) {
    return new ViewCache(
        cache.settings(),
        catalog(),
        new MemoryTier(1 << 20, System::currentTimeMillis, _ -> Duration.ZERO),
        cache.shared(),
        cache.source(),
        cache.freshness(),
        new CacheMeters(new SimpleMeterRegistry(), cache.memory(), cache.freshness()),
        System::currentTimeMillis);
  }

  private static Catalog catalog() {
    return switch (CatalogReader.read(ApiSettings.from(System.getenv()).node().catalog())) {
      case CatalogReading.Valid(Catalog catalog) -> catalog;
      case CatalogReading.Invalid invalid ->
          throw new IllegalStateException(String.join("\n", invalid.sentences()));
    };
  }

  private static Object feed(RunningApi api) throws ReflectiveOperationException {
    return ((Deque<?>) Inside.of(api, "node", "running", "cache", "parts"))
        .stream()
            .filter(part -> part.getClass().getSimpleName().equals("MemoryFeed"))
            .findFirst()
            .orElseThrow();
  }
}
