package dev.tidemark.bench.verify.cache.node;

import dev.tidemark.api.Api;
import dev.tidemark.api.ApiSettings;
import dev.tidemark.api.RunningApi;
import dev.tidemark.api.cache.MemoryTier;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A node that hears of everything and believes so, and whose answers in memory are never dropped:
 * what it hears goes to a cache that nobody asks. The defect is built by reaching into a running
 * node; the api has no way to be told to be deaf.
 */
public final class DeafNode {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private DeafNode() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    ApiSettings settings = ApiSettings.from(System.getenv());
    RunningApi api = Api.start(settings);
    QuietNode.silence();
    Object feed = feed(api);
    Field cache = feed.getClass().getDeclaredField("cache");
    cache.setAccessible(true);
    ViewCache heard = (ViewCache) cache.get(feed);
    cache.set(feed, unasked(heard, catalog(settings)));
    Runtime.getRuntime().addShutdownHook(new Thread(api::close, "tidemark-api-stop"));
  }

  private static ViewCache unasked(ViewCache cache, Catalog catalog) {
    return new ViewCache(
        cache.settings(),
        catalog,
        new MemoryTier(1 << 20, System::currentTimeMillis, _ -> Duration.ZERO),
        cache.shared(),
        cache.source(),
        cache.freshness(),
        new dev.tidemark.api.cache.CacheMeters(
            new SimpleMeterRegistry(), cache.memory(), cache.freshness()),
        System::currentTimeMillis);
  }

  private static Catalog catalog(ApiSettings settings) {
    return switch (CatalogReader.read(settings.node().catalog())) {
      case CatalogReading.Valid(Catalog catalog) -> catalog;
      case CatalogReading.Invalid invalid ->
          throw new IllegalStateException(String.join("\n", invalid.sentences()));
    };
  }

  private static Object feed(RunningApi api) throws ReflectiveOperationException {
    Object node = required(api, "node");
    while (field(node, "running") == null) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    Object parts = required(required(node, "running"), "cache");
    for (Object part : (Deque<?>) required(parts, "parts")) {
      if (part.getClass().getSimpleName().equals("MemoryFeed")) {
        return part;
      }
    }
    throw new IllegalStateException("the node has no feed to be deaf to");
  }

  private static Object required(Object of, String name) throws ReflectiveOperationException {
    Object value = field(of, name);
    if (value == null) {
      throw new IllegalStateException(of.getClass() + " has no " + name);
    }
    return value;
  }

  private static @Nullable Object field(Object of, String name)
      throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
