package dev.tidemark.api.entities;

import dev.tidemark.api.settings.Variables;
import java.time.Duration;

/**
 * How one node asks another.
 *
 * @param timeout how long the other node may take
 */
public record RelaySettings(Duration timeout) {
  public static final RelaySettings DEFAULTS = new RelaySettings(Duration.ofSeconds(2));

  public RelaySettings {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("TIDEMARK_RELAY_TIMEOUT must be positive");
    }
  }

  public static RelaySettings from(Variables variables) {
    return new RelaySettings(variables.duration("TIDEMARK_RELAY_TIMEOUT", DEFAULTS.timeout));
  }
}
