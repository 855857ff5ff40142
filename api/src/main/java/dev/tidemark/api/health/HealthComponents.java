package dev.tidemark.api.health;

import java.util.List;

/** The components that health is asked of, in the order in which they are shown. */
public record HealthComponents(List<HealthComponent> all) {
  public HealthComponents {
    all = List.copyOf(all);
  }
}
