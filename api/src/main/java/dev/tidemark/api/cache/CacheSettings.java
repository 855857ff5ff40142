package dev.tidemark.api.cache;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.settings.Variables;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What the cache runs with.
 *
 * @param postgres what views ask
 * @param connections how many connections ask it
 * @param redis the tier that all nodes share, if there is one
 * @param prefix what its keys begin with there
 * @param memory how many bytes the tier in memory may hold
 * @param largest an answer of more bytes is given and not kept
 * @param patience how long after a commit an answer from memory may still be the former one; when
 *     it is not certain that this holds, Postgres is asked
 * @param warming whether answers are fetched before anybody asks
 * @param checking how often a few answers are held against Postgres; zero for never
 */
public record CacheSettings(
    PostgresUrl postgres,
    int connections,
    Optional<URI> redis,
    String prefix,
    int memory,
    int largest,
    Duration patience,
    boolean warming,
    Duration checking) {
  public CacheSettings {
    requireNonNull(postgres, "postgres is null");
    requireNonNull(redis, "redis is null");
    requireNonNull(prefix, "prefix is null");
    require(connections >= 1, "TIDEMARK_CACHE_CONNECTIONS must be at least 1");
    require(memory >= 1 << 20, "TIDEMARK_CACHE_MEMORY must be at least 1MiB");
    require(largest >= 1 << 10, "TIDEMARK_CACHE_ANSWER_LIMIT must be at least 1KiB");
    require(
        patience.compareTo(Duration.ofSeconds(1)) >= 0,
        "TIDEMARK_CACHE_PATIENCE must be at least 1s");
    require(
        !prefix.isBlank() && prefix.matches("[A-Za-z0-9_.-]{1,64}"),
        "TIDEMARK_CACHE_PREFIX must be 1 to 64 of A-Z, a-z, 0-9, _, . and -");
    redis.ifPresent(
        uri ->
            require(
                "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()),
                "TIDEMARK_REDIS must begin with redis:// or rediss://"));
  }

  /** The defaults, for a database and without a shared tier. */
  public static CacheSettings of(PostgresUrl postgres) {
    return new CacheSettings(
        postgres,
        8,
        Optional.empty(),
        "tidemark",
        64 << 20,
        1 << 20,
        Duration.ofSeconds(5),
        true,
        Duration.ofSeconds(5));
  }

  public static CacheSettings from(Variables variables, PostgresUrl postgres) {
    CacheSettings defaults = of(postgres);
    return new CacheSettings(
        postgres,
        variables.number("TIDEMARK_CACHE_CONNECTIONS", defaults.connections),
        variables.uri("TIDEMARK_REDIS"),
        variables.text("TIDEMARK_CACHE_PREFIX", defaults.prefix),
        variables.bytes("TIDEMARK_CACHE_MEMORY", defaults.memory),
        variables.bytes("TIDEMARK_CACHE_ANSWER_LIMIT", defaults.largest),
        variables.duration("TIDEMARK_CACHE_PATIENCE", defaults.patience),
        variables
            .read("TIDEMARK_CACHE_WARMING", "true or false", CacheSettings::truth)
            .orElse(defaults.warming),
        variables.duration("TIDEMARK_CACHE_CHECK_EVERY", defaults.checking));
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
