package dev.tidemark.api.node;

import dev.tidemark.api.health.HealthComponent.Health;

/** How a part of the pipeline is, in the words of health. */
final class Healths {
  private Healths() {}

  static Health of(dev.tidemark.pipeline.runtime.Health health) {
    return switch (health) {
      case dev.tidemark.pipeline.runtime.Health.Running _ -> Health.up("following");
      case dev.tidemark.pipeline.runtime.Health.Starting(String doing) -> Health.down(doing);
      case dev.tidemark.pipeline.runtime.Health.Failing(String reason) -> Health.down(reason);
    };
  }
}
