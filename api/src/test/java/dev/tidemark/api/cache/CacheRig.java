package dev.tidemark.api.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.cache.redis.RedisTier;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.KeyTemplate;
import dev.tidemark.contract.catalog.view.Lifetime;
import dev.tidemark.contract.catalog.view.NamedQuery;
import dev.tidemark.contract.catalog.view.ParameterType;
import dev.tidemark.contract.postgres.PostgresUrl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One node's cache over a {@link Truth}. */
public final class CacheRig implements AutoCloseable {
  public static final CacheView THING = view("thing", Duration.ZERO);
  public static final CacheView LENIENT = view("lenient", Duration.ofMinutes(1));
  public static final Catalog CATALOG =
      new Catalog(
          List.of(
              new EntityType(
                  "thing",
                  "",
                  TableName.parse("thing"),
                  List.of("id"),
                  List.of(),
                  List.of(),
                  List.of(),
                  Map.of())),
          List.of(THING, LENIENT));
  public static final CacheSettings SETTINGS =
      CacheSettings.of(PostgresUrl.parse("postgresql://u:p@127.0.0.1:1/none"));

  public final Truth truth;
  public final MemoryTier memory;
  public final Freshness freshness;
  public final ViewCache cache;

  public CacheRig(Truth truth, SharedTier shared) {
    this.truth = truth;
    freshness = new Freshness(Duration.ofSeconds(5), System::nanoTime);
    memory =
        new MemoryTier(
            16 << 20, System::currentTimeMillis, key -> ViewCache.staleFor(CATALOG, key));
    cache =
        new ViewCache(
            SETTINGS,
            CATALOG,
            memory,
            shared,
            truth,
            freshness,
            new CacheMeters(new SimpleMeterRegistry(), memory, freshness),
            System::currentTimeMillis);
    cache.unfollowed(Set.of());
    prove();
  }

  public CacheRig(Truth truth) {
    this(truth, new NoSharedTier());
  }

  /** The tier over a Redis, not trusted yet. */
  public static RedisTier redis(String url) {
    return new RedisTier(
        new CacheSettings(
            SETTINGS.postgres(),
            SETTINGS.connections(),
            Optional.of(URI.create(url)),
            SETTINGS.prefix(),
            SETTINGS.memory(),
            SETTINGS.largest(),
            SETTINGS.patience(),
            false,
            Duration.ZERO),
        new SimpleMeterRegistry(),
        System::currentTimeMillis);
  }

  /** This node has heard of everything by now. */
  public void prove() {
    freshness.prove(freshness.now(), truth.sight(), freshness.now());
  }

  public void hear(String target, long transaction) {
    cache.heard(List.of(Truth.of(target, transaction)));
  }

  public static Question question(String id) {
    return Question.of(THING, Map.of("id", id));
  }

  /** What the cache says, and from where. */
  public String ask(String id) {
    return say(cache.ask(question(id), false));
  }

  public static String say(Given given) {
    return new String(given.answer().body(), UTF_8) + " from " + given.tier().text();
  }

  @Override
  public void close() {
    cache.close();
  }

  private static CacheView view(String name, Duration stale) {
    return new CacheView(
        name,
        "",
        KeyTemplate.parse(name + ":{id}").orElseThrow(),
        Map.of("id", ParameterType.TEXT),
        NamedQuery.parse("select :id"),
        CacheView.Shape.ONE,
        List.of(new Dependency("thing", Map.of("id", "id"), List.of(), List.of())),
        List.of(),
        List.of(),
        Lifetime.DEFAULT,
        Duration.ofSeconds(30),
        stale,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }
}
