package dev.tidemark.api.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.cache.Answer;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.cache.SharedLog;
import dev.tidemark.api.cache.SharedTier;
import dev.tidemark.api.cache.redis.EntryCodec.Targets;
import dev.tidemark.pipeline.cache.core.Sight;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * Redis as the tier that all nodes share.
 *
 * <p>It is asked only while it is trusted. The first failure ends that, for this node; whoever
 * tells it of invalidations gives the trust back once Redis has been told what it missed.
 */
public final class RedisTier implements SharedTier, SharedLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisTier.class);
  private static final int PATIENCE_MILLIS = 250;
  private static final int CONNECTIONS = 16;
  private static final long LEASE_MILLIS = 5_000;

  /** However long an answer may be kept, Redis forgets it after this and it is fetched again. */
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  /** At once; so few that Redis is never busy for long. */
  private static final int SWEEP_COUNT = 500;

  /**
   * Trust ends by itself unless it is renewed. Together with how far Redis may be behind when it is
   * given, it is shorter than marks are kept.
   */
  private static final Duration TRUST_LASTS = Duration.ofSeconds(8);

  private static final Duration STATUS_FRESH = Duration.ofSeconds(1);
  private static final byte[] NOTHING = new byte[0];

  private final RedisClient redis;
  private final LongSupplier millis;
  private final String prefix;
  private final byte[] state;
  private final Counter failures;
  private volatile String sampleCursor = "0";
  private volatile String sweepCursor = "0";
  private volatile State trust;
  private volatile Facts facts = new Facts(0, Map.of());

  /**
   * Whether Redis is asked, and if not, why.
   *
   * @param doubts how often trust was lost so far
   * @param givenNanos when trust was given or renewed last
   */
  private record State(boolean trusted, String why, long since, long doubts, long givenNanos) {
    boolean holds() {
      return trusted && System.nanoTime() - givenNanos <= TRUST_LASTS.toNanos();
    }
  }

  /** What Redis said of itself. */
  private record Facts(long at, Map<String, String> known) {}

  /** What can be asked of Redis. */
  private interface Request<T> {
    T ask();
  }

  /** Does not connect yet. */
  public RedisTier(CacheSettings settings, MeterRegistry registry, LongSupplier millis) {
    this.millis = millis;
    this.prefix = "{" + settings.prefix() + "}:";
    this.state = (prefix + "state").getBytes(UTF_8);
    this.trust = new State(false, "not asked yet", millis.getAsLong(), 1, 0);
    this.redis = client(settings.redis().orElseThrow());
    this.failures =
        Counter.builder("tidemark.cache.redis.failures")
            .description("Requests that Redis did not answer")
            .register(registry);
    Gauge.builder("tidemark.cache.redis.trusted", this, tier -> tier.trusted() ? 1 : 0)
        .description("1 while Redis is asked, 0 while the cache does without it")
        .register(registry);
  }

  private static RedisClient client(URI uri) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS);
    pool.setMaxIdle(CONNECTIONS);
    pool.setMaxWait(Duration.ofMillis(PATIENCE_MILLIS));
    pool.setJmxEnabled(false);
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(PATIENCE_MILLIS)
            .socketTimeoutMillis(PATIENCE_MILLIS)
            .database(JedisURIHelper.getDBIndex(uri))
            .clientName("tidemark");
    if (JedisURIHelper.isRedisSSLScheme(uri)) {
      config.sslOptions(SslOptions.defaults());
    }
    if (JedisURIHelper.getUser(uri) != null) {
      config.user(JedisURIHelper.getUser(uri));
    }
    if (JedisURIHelper.getPassword(uri) != null) {
      config.password(JedisURIHelper.getPassword(uri));
    }
    return RedisClient.builder()
        .hostAndPort(JedisURIHelper.getHostAndPort(uri))
        .clientConfig(config.build())
        .poolConfig(pool)
        .build();
  }

  @Override
  public Look look(String key) {
    String token = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return asked(() -> look(key, token), new Look.Away());
  }

  private Look look(String key, String token) {
    List<?> found =
        (List<?>)
            Scripts.LOOK.run(
                redis,
                List.of(state, entry(key), lease(key)),
                List.of(bytes(key), bytes(token), bytes(LEASE_MILLIS)));
    return switch (text(found.getFirst())) {
      case "found" -> found(key, (byte[]) found.get(1));
      case "lease" -> new Look.Lease(text(found.get(1)), token);
      case "awaited" -> new Look.Awaited();
      case "lost" -> {
        distrust("it has lost what it was told");
        yield new Look.Away();
      }
      default -> new Look.Away();
    };
  }

  private Look found(String key, byte[] entry) {
    try {
      return new Look.Found(EntryCodec.decode(key, entry));
    } catch (IllegalArgumentException e) {
      LOG.warn("The entry {} in Redis cannot be read, it is dropped", key, e);
      redis.unlink(entry(key));
      return new Look.Away();
    }
  }

  @Override
  public Optional<Answer> peek(String key) {
    return asked(
        () -> {
          List<?> found =
              (List<?>)
                  Scripts.LOOK.run(
                      redis,
                      List.of(state, entry(key), lease(key)),
                      List.of(bytes(key), NOTHING, NOTHING));
          return text(found.getFirst()).equals("found")
              ? Optional.of(EntryCodec.decode(key, (byte[]) found.get(1)))
              : Optional.empty();
        },
        Optional.empty());
  }

  @Override
  public boolean fill(Look.Lease lease, Answer answer) {
    long life = Math.min(answer.expiresAtMillis() - millis.getAsLong(), LONGEST_LIFE.toMillis());
    if (life <= 0) {
      release(answer.key(), lease);
      return true;
    }
    return asked(
        () -> {
          Object said =
              Scripts.FILL.run(
                  redis,
                  List.of(state, entry(answer.key()), lease(answer.key())),
                  List.of(
                      bytes(answer.key()),
                      bytes(lease.token()),
                      bytes(lease.epoch()),
                      bytes(life),
                      EntryCodec.encode(answer, lease.epoch())));
          return !text(said).equals("late");
        },
        true);
  }

  @Override
  public void release(String key, Look.Lease lease) {
    var _ =
        asked(
            () -> Scripts.RELEASE.run(redis, List.of(lease(key)), List.of(bytes(lease.token()))),
            NOTHING);
  }

  @Override
  public void drop(String key) {
    var _ = asked(() -> redis.unlink(entry(key)), 0L);
  }

  @Override
  public List<String> sample(int count) {
    String entries = prefix + "e:";
    return asked(
        () -> {
          ScanResult<String> found =
              redis.scan(
                  sampleCursor, new ScanParams().match(escaped(entries) + "*").count(10 * count));
          sampleCursor = found.getCursor();
          return found.getResult().stream()
              .limit(count)
              .map(name -> name.substring(entries.length()))
              .toList();
        },
        List.of());
  }

  @Override
  public boolean elect(String task, Duration term) {
    return asked(
        () ->
            redis.set(prefix + "task:" + task, "1", SetParams.setParams().nx().px(term.toMillis()))
                != null,
        true);
  }

  @Override
  public Status status() {
    State now = trust;
    Facts known = facts;
    if (millis.getAsLong() - known.at() > STATUS_FRESH.toMillis()) {
      known = new Facts(millis.getAsLong(), inquire());
      facts = known;
    }
    String why =
        now.trusted() && !now.holds() ? "it has not been looked after for a while" : now.why();
    return new Status(true, now.holds(), now.since(), why, known.known());
  }

  private Map<String, String> inquire() {
    try {
      Map<String, String> said = new LinkedHashMap<>();
      for (String line : redis.info().split("\r?\n", -1)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          said.put(line.substring(0, colon), line.substring(colon + 1));
        }
      }
      return said;
    } catch (JedisException e) {
      LOG.debug("Redis does not tell of itself", e);
      return Map.of();
    }
  }

  // What follows is asked by one thread alone, trusted or not.

  @Override
  public Map<Integer, Long> open(String log, Map<Integer, Long> otherwise) throws Away {
    return open(log, false, otherwise);
  }

  @Override
  public void renew(String log, Map<Integer, Long> positions) throws Away {
    open(log, true, positions);
  }

  private Map<Integer, Long> open(String log, boolean anew, Map<Integer, Long> otherwise)
      throws Away {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(log));
    arguments.add(bytes(UUID.randomUUID().toString()));
    arguments.add(bytes(anew ? "1" : "0"));
    otherwise.forEach(
        (partition, position) -> {
          arguments.add(bytes(partition));
          arguments.add(bytes(position));
        });
    return attempt(
        () -> {
          List<?> said = (List<?>) Scripts.OPEN.run(redis, List.of(state), arguments);
          Map<Integer, Long> positions = new HashMap<>();
          for (int i = 0; i < said.size(); i += 2) {
            positions.put(
                Integer.parseInt(text(said.get(i))), Long.parseLong(text(said.get(i + 1))));
          }
          return positions;
        });
  }

  @Override
  public Applied apply(String log, int partition, long from, long to, List<Placed> told)
      throws Away {
    List<byte[]> arguments = new ArrayList<>(6 + 4 * told.size());
    arguments.add(bytes(log));
    arguments.add(bytes(partition));
    arguments.add(bytes(from));
    arguments.add(bytes(to));
    arguments.add(bytes(prefix + "e:"));
    arguments.add(bytes(UUID.randomUUID().toString()));
    for (Placed one : told) {
      String target = one.invalidation().target();
      arguments.add(bytes(one.offset()));
      arguments.add(bytes(isGroup(target) ? "g" : "k"));
      arguments.add(bytes(Targets.safe(target)));
      arguments.add(bytes(one.invalidation().transaction()));
    }
    return attempt(
        () -> {
          List<?> said = (List<?>) Scripts.APPLY.run(redis, List.of(state), arguments);
          return switch (text(said.getFirst())) {
            case "lost" -> new Applied.Lost();
            case "behind" -> new Applied.Behind();
            default -> new Applied.UpTo(Long.parseLong(text(said.get(1))));
          };
        });
  }

  /** Groups and entities that are found in answers, as against the key of one answer. */
  private static boolean isGroup(String target) {
    return target.indexOf('*') >= 0 || target.indexOf('/') >= 0;
  }

  @Override
  public boolean knows(String log) throws Away {
    List<String> known = attempt(() -> redis.hmget(new String(state, UTF_8), "log", "epoch"));
    return log.equals(known.getFirst()) && known.getLast() != null;
  }

  @Override
  public boolean sweep(Duration keys, Duration groups, Sight settled) throws Away {
    String[] sight = settled.text().split(":", -1);
    List<byte[]> arguments =
        List.of(
            bytes(sweepCursor),
            bytes(SWEEP_COUNT),
            bytes(keys.toMillis()),
            bytes(groups.toMillis()),
            bytes(sight[0]),
            bytes(sight[1]),
            bytes(sight[2]));
    List<?> said = attempt(() -> (List<?>) Scripts.SWEEP.run(redis, List.of(state), arguments));
    sweepCursor = text(said.getFirst());
    return !sweepCursor.equals("0") && !text(said.get(1)).equals("0");
  }

  @Override
  public boolean trusted() {
    return trust.holds();
  }

  @Override
  public long doubts() {
    return trust.doubts();
  }

  @Override
  public synchronized void trust(long doubts) {
    State before = trust;
    if (before.doubts() != doubts) {
      return;
    }
    long since = before.trusted() ? before.since() : millis.getAsLong();
    trust = new State(true, "", since, doubts, System.nanoTime());
    if (!before.trusted()) {
      LOG.info(
          "Redis is asked; for {} ms it was not: {}",
          millis.getAsLong() - before.since(),
          before.why());
    }
  }

  @Override
  public synchronized void distrust(String why) {
    State before = trust;
    if (before.trusted()) {
      LOG.warn("The cache does without Redis: {}", why);
    }
    trust =
        new State(
            false,
            why,
            before.trusted() ? millis.getAsLong() : before.since(),
            before.doubts() + 1,
            0);
  }

  private <T> T attempt(Request<T> request) throws Away {
    try {
      return request.ask();
    } catch (JedisException e) {
      failed(e);
      throw new Away("Redis does not answer", e);
    }
  }

  private <T> T asked(Supplier<T> request, T otherwise) {
    if (!trust.holds()) {
      return otherwise;
    }
    try {
      return request.get();
    } catch (JedisException e) {
      failed(e);
      return otherwise;
    }
  }

  private void failed(JedisException e) {
    failures.increment();
    distrust("it does not answer: " + e.getMessage());
    // What is idle may be as dead as what has just failed.
    redis.getPool().clear();
  }

  private byte[] entry(String key) {
    return bytes(prefix + "e:" + key);
  }

  private byte[] lease(String key) {
    return bytes(prefix + "l:" + key);
  }

  private static byte[] bytes(@Nullable Object value) {
    return String.valueOf(value).getBytes(UTF_8);
  }

  private static String text(Object bytes) {
    return bytes instanceof byte[] raw ? new String(raw, UTF_8) : String.valueOf(bytes);
  }

  private static String escaped(String pattern) {
    return pattern.replaceAll("([\\[\\]*?\\\\])", "\\\\$1");
  }

  @Override
  public void close() {
    redis.close();
  }
}
