package dev.tidemark.api.live;

import dev.tidemark.api.settings.Variables;
import java.time.Duration;

/**
 * How many may listen, and how long they are waited for.
 *
 * @param connections how many may listen to this node: 503 beyond
 * @param perSubject how many of them one subject may have: 429 beyond
 * @param heartbeat after how long a silent connection hears that it is alive
 * @param patience how long one that does not read, or does not answer, is kept
 */
public record LiveSettings(int connections, int perSubject, Duration heartbeat, Duration patience) {
  public static final LiveSettings DEFAULTS =
      new LiveSettings(20_000, 100, Duration.ofSeconds(20), Duration.ofSeconds(45));

  public LiveSettings {
    require(connections >= 1, "TIDEMARK_LIVE_CONNECTIONS must be at least 1");
    require(perSubject >= 1, "TIDEMARK_LIVE_PER_SUBJECT must be at least 1");
    require(heartbeat.isPositive(), "TIDEMARK_LIVE_HEARTBEAT must be positive");
    require(
        patience.compareTo(heartbeat) > 0,
        "TIDEMARK_LIVE_PATIENCE must be longer than TIDEMARK_LIVE_HEARTBEAT");
  }

  public static LiveSettings from(Variables variables) {
    return new LiveSettings(
        variables.number("TIDEMARK_LIVE_CONNECTIONS", DEFAULTS.connections),
        variables.number("TIDEMARK_LIVE_PER_SUBJECT", DEFAULTS.perSubject),
        variables.duration("TIDEMARK_LIVE_HEARTBEAT", DEFAULTS.heartbeat),
        variables.duration("TIDEMARK_LIVE_PATIENCE", DEFAULTS.patience));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
