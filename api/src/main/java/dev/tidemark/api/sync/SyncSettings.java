package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.request.Prefer;
import dev.tidemark.api.settings.Variables;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.time.Duration;

/**
 * What is taken from devices, and how long they wait.
 *
 * @param postgres where the ledger is
 * @param connections how many connections read it
 * @param operations how many operations a batch may have: 413 beyond
 * @param dataSize how many bytes the data of an operation may have
 * @param dataDepth how deeply it may nest
 * @param oldest how long ago an operation may have happened
 * @param ahead how far in the future it may lie
 * @param patience how long a device that does not say waits for its outcomes
 */
public record SyncSettings(
    PostgresUrl postgres,
    int connections,
    int operations,
    int dataSize,
    int dataDepth,
    Duration oldest,
    Duration ahead,
    Duration patience) {
  public SyncSettings {
    requireNonNull(postgres, "postgres is null");
    require(connections >= 1, "TIDEMARK_SYNC_CONNECTIONS must be at least 1");
    require(operations >= 1, "TIDEMARK_SYNC_OPERATIONS must be at least 1");
    require(dataSize >= 64, "TIDEMARK_SYNC_DATA_LIMIT must be at least 64");
    require(dataDepth >= 1, "TIDEMARK_SYNC_DATA_DEPTH must be at least 1");
    require(oldest.isPositive(), "TIDEMARK_SYNC_OLDEST must be positive");
    require(ahead.isPositive(), "TIDEMARK_SYNC_AHEAD must be positive");
    require(
        !patience.isNegative() && patience.compareTo(Prefer.LONGEST_WAIT) <= 0,
        "TIDEMARK_SYNC_WAIT must be within 0s to 30s");
  }

  /** The defaults, for a database. */
  public static SyncSettings of(PostgresUrl postgres) {
    return new SyncSettings(
        postgres,
        4,
        1_000,
        64 << 10,
        16,
        Duration.ofDays(90),
        Duration.ofHours(24),
        Duration.ofSeconds(5));
  }

  public static SyncSettings from(Variables variables) {
    SyncSettings defaults =
        of(
            variables
                .read("TIDEMARK_POSTGRES_URL", "a Postgres URL", PostgresUrl::parse)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "TIDEMARK_POSTGRES_URL is not set: where the ledger is")));
    return new SyncSettings(
        defaults.postgres,
        variables.number("TIDEMARK_SYNC_CONNECTIONS", defaults.connections),
        variables.number("TIDEMARK_SYNC_OPERATIONS", defaults.operations),
        variables.bytes("TIDEMARK_SYNC_DATA_LIMIT", defaults.dataSize),
        variables.number("TIDEMARK_SYNC_DATA_DEPTH", defaults.dataDepth),
        variables.duration("TIDEMARK_SYNC_OLDEST", defaults.oldest),
        variables.duration("TIDEMARK_SYNC_AHEAD", defaults.ahead),
        variables.duration("TIDEMARK_SYNC_WAIT", defaults.patience));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
