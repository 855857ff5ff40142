package dev.tidemark.bench.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.cache.Answer;
import dev.tidemark.api.cache.CacheMeters;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.cache.Freshness;
import dev.tidemark.api.cache.Given;
import dev.tidemark.api.cache.MemoryTier;
import dev.tidemark.api.cache.NoSharedTier;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.SharedLog;
import dev.tidemark.api.cache.SharedTier.Look;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.cache.ViewSource;
import dev.tidemark.api.cache.redis.RedisTier;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.pipeline.cache.core.Sight;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import redis.clients.jedis.Jedis;

/** One hit: in memory, in Redis, and a bare GET of as many bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Hits {
  /** The address of a Redis. */
  public static final String REDIS = "bench.redis";

  private static final int BODY = 2_000;
  private static final byte[] BARE = "bench-bare".getBytes(UTF_8);

  private final byte[] body = "x".repeat(BODY).getBytes(UTF_8);
  private final Freshness freshness;
  private final ViewCache cache;
  private final Question question;
  private final RedisTier tier;
  private final Jedis bare;

  /** A database that knows one answer. */
  private record OneAnswer(byte[] body) implements ViewSource {
    @Override
    public Fetched fetch(Question question, Duration atMost) {
      return new Fetched(body, Sight.parse("100:100:"), List.of());
    }

    @Override
    public Now now() {
      return new Now(0, "system/1", Sight.parse("100:100:"));
    }

    @Override
    public long mark() {
      return 1;
    }

    @Override
    public List<Map<String, String>> toWarm(CacheView view, Duration atMost) {
      return List.of();
    }
  }

  public Hits() {
    URI redis = URI.create(System.getProperty(REDIS));
    CacheSettings defaults = CacheSettings.of(PostgresUrl.parse("postgresql://nobody@127.0.0.1/x"));
    CacheSettings settings =
        new CacheSettings(
            defaults.postgres(),
            defaults.connections(),
            Optional.of(redis),
            "hits",
            defaults.memory(),
            defaults.largest(),
            Duration.ofHours(1),
            false,
            Duration.ZERO);
    Catalog catalog =
        switch (CatalogReader.read("bench", Clinic.catalog())) {
          case CatalogReading.Valid(Catalog read) -> read;
          case CatalogReading.Invalid invalid ->
              throw new IllegalStateException(String.join("; ", invalid.sentences()));
        };
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    freshness = new Freshness(settings.patience(), System::nanoTime);
    freshness.prove(System.nanoTime(), Sight.parse("100:100:"), System.nanoTime());
    MemoryTier memory =
        new MemoryTier(settings.memory(), System::currentTimeMillis, _ -> Duration.ZERO);
    cache =
        new ViewCache(
            settings,
            catalog,
            memory,
            new NoSharedTier(),
            new OneAnswer(body),
            freshness,
            new CacheMeters(meters, memory, freshness),
            System::currentTimeMillis);
    cache.unfollowed(java.util.Set.of());
    question = Question.of(catalog.view("item").orElseThrow(), Map.of("id", "7"));
    Answer answer = cache.ask(question, false).answer();
    tier = new RedisTier(settings, meters, System::currentTimeMillis);
    try {
      var _ = tier.open("bench", Map.of());
    } catch (SharedLog.Away e) {
      throw new IllegalStateException(e);
    }
    tier.trust(tier.doubts());
    tier.drop(question.key());
    if (!(tier.look(question.key()) instanceof Look.Lease lease) || !tier.fill(lease, answer)) {
      throw new IllegalStateException("Redis does not keep the answer");
    }
    bare = new Jedis(redis);
    bare.set(BARE, body);
  }

  /** Trust ends by itself. */
  @Setup(Level.Iteration)
  public void trust() {
    freshness.prove(System.nanoTime(), Sight.parse("100:100:"), System.nanoTime());
    tier.trust(tier.doubts());
    if (!(tier.look(question.key()) instanceof Look.Found)) {
      throw new IllegalStateException("Redis has lost the answer");
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    bare.close();
    tier.close();
    cache.close();
  }

  @Benchmark
  public Given memory() {
    return cache.ask(question, false);
  }

  @Benchmark
  public Look redis() {
    return tier.look(question.key());
  }

  @Benchmark
  public byte[] bareGet() {
    return bare.get(BARE);
  }
}
