package dev.tidemark.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.cache.CacheHealth;
import dev.tidemark.api.cache.CacheMeters;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.cache.Freshness;
import dev.tidemark.api.cache.InvalidationSink;
import dev.tidemark.api.cache.MemoryTier;
import dev.tidemark.api.cache.NoSharedTier;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.cache.ViewSource;
import dev.tidemark.api.cache.tend.Checker;
import dev.tidemark.api.cache.tend.Warmer;
import dev.tidemark.api.metrics.Metrics;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.CacheView.Shape;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.KeyTemplate;
import dev.tidemark.contract.catalog.view.Lifetime;
import dev.tidemark.contract.catalog.view.NamedQuery;
import dev.tidemark.contract.catalog.view.ParameterType;
import dev.tidemark.contract.catalog.view.Rendering;
import dev.tidemark.contract.catalog.view.Warming;
import dev.tidemark.pipeline.cache.core.Sight;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Views whose answers a test sets, behind a cache that has heard of everything. */
final class FakeViews implements ViewSource, InvalidationSink {
  static final String USER = "7f1c0c3e-0d6a-4b63-9a70-0f5b2f0d9b11";
  static final String OTHER = "00000000-0000-4000-8000-000000000000";
  static final long TRANSACTION = 777;

  static final Catalog CATALOG =
      new Catalog(
          List.of(
              new EntityType(
                  "activity",
                  "",
                  TableName.parse("activity"),
                  List.of("id"),
                  List.of(),
                  List.of(new ScopeTemplate("municipality/{municipality_id}")),
                  List.of(),
                  Map.of())),
          List.of(
              view("everything", Map.of(), List.of("public"), Shape.LIST),
              view("services", one("user_id", ParameterType.UUID), userScope(), Shape.LIST),
              view("person", one("user_id", ParameterType.UUID), userScope(), Shape.ONE),
              view("note", one("text", ParameterType.TEXT), List.of("public"), Shape.LIST),
              view("secret", one("id", ParameterType.INTEGER), List.of(), Shape.ONE),
              view(
                  "letter",
                  one("id", ParameterType.INTEGER),
                  List.of("public"),
                  Shape.LIST,
                  List.of(),
                  Optional.of(new Rendering(List.of("subject", "body"), Optional.of("for_plan"))),
                  Optional.empty()),
              view(
                  "agenda",
                  agendaParameters(),
                  userScope(),
                  Shape.LIST,
                  List.of(List.of("date")),
                  Optional.empty(),
                  Optional.of(new Warming(query(), Duration.ofMinutes(5), 10)))));

  private static final Sight SIGHT = Sight.parse("700:700:");

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Invalidation> sent = new CopyOnWriteArrayList<>();
  private final PrometheusMeterRegistry meters = Metrics.registry();
  private final ViewCache cache;
  private volatile boolean away;

  FakeViews() {
    CacheSettings settings = CacheSettings.of(ApiUnderTest.SYNC.postgres());
    // A clock that stands: what is proven stays so.
    Freshness freshness = new Freshness(settings.patience(), () -> 0);
    MemoryTier memory =
        new MemoryTier(settings.memory(), System::currentTimeMillis, _ -> Duration.ZERO);
    cache =
        new ViewCache(
            settings,
            CATALOG,
            memory,
            new NoSharedTier(),
            this,
            freshness,
            new CacheMeters(meters, memory, freshness),
            System::currentTimeMillis);
    cache.unfollowed(Set.of());
    freshness.prove(0, SIGHT, 0);
  }

  List<Object> parts() {
    return List.of(
        CATALOG,
        cache,
        this,
        meters,
        new Warmer(cache, CATALOG, meters),
        new Checker(cache, meters));
  }

  CacheHealth health() {
    return new CacheHealth(cache);
  }

  ViewCache cache() {
    return cache;
  }

  FakeViews say(String key, String json) {
    answers.put(key, json);
    return this;
  }

  void away(boolean now) {
    away = now;
  }

  /** The keys of what Postgres was asked. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** What was said to all nodes. */
  List<Invalidation> sent() {
    return List.copyOf(sent);
  }

  void forgetSent() {
    sent.clear();
  }

  @Override
  public Fetched fetch(Question question, Duration atMost) {
    asked.add(question.key());
    if (away) {
      throw new AwayException("Postgres is away", null);
    }
    return new Fetched(
        answers.getOrDefault(question.key(), absent(question)).getBytes(UTF_8), SIGHT, List.of());
  }

  private static String absent(Question question) {
    return question.view().shape() == Shape.LIST ? "[]" : "";
  }

  @Override
  public Now now() {
    return new Now(1, "system/1", SIGHT);
  }

  @Override
  public long mark() {
    if (away) {
      throw new AwayException("Postgres is away", null);
    }
    return TRANSACTION;
  }

  @Override
  public List<Map<String, String>> toWarm(CacheView view, Duration atMost) {
    return List.of(
        Map.of("user_id", USER, "date", "2026-01-15"),
        Map.of("user_id", USER, "date", "2026-01-16"),
        Map.of("user_id", "nobody", "date", "2026-01-16"));
  }

  @Override
  public void send(List<Invalidation> invalidations) {
    sent.addAll(invalidations);
  }

  private static List<String> userScope() {
    return List.of("user/{user_id}");
  }

  private static Map<String, ParameterType> one(String name, ParameterType type) {
    return Map.of(name, type);
  }

  private static Map<String, ParameterType> agendaParameters() {
    Map<String, ParameterType> parameters = new LinkedHashMap<>();
    parameters.put("user_id", ParameterType.UUID);
    parameters.put("date", ParameterType.DATE);
    return parameters;
  }

  private static NamedQuery query() {
    return new NamedQuery("select 1", List.of("select 1"), List.of());
  }

  private static CacheView view(
      String name, Map<String, ParameterType> parameters, List<String> scopes, Shape shape) {
    return view(name, parameters, scopes, shape, List.of(), Optional.empty(), Optional.empty());
  }

  private static CacheView view(
      String name,
      Map<String, ParameterType> parameters,
      List<String> scopes,
      Shape shape,
      List<List<String>> groups,
      Optional<Rendering> rendering,
      Optional<Warming> warming) {
    return new CacheView(
        name,
        "",
        new KeyTemplate(name, List.copyOf(parameters.keySet())),
        parameters,
        query(),
        shape,
        List.of(new Dependency("activity", Map.of(), List.of(), List.of())),
        List.of(),
        groups,
        Lifetime.DEFAULT,
        Duration.ofSeconds(30),
        Duration.ZERO,
        scopes.stream().map(ScopeTemplate::new).toList(),
        rendering,
        warming);
  }
}
