package dev.tidemark.api.node;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.pipeline.runtime.RunningTopology;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the topology is, by its progress. */
record TopologyHealth(String name, Supplier<@Nullable RunningTopology> topology)
    implements HealthComponent {
  @Override
  public Health check() {
    RunningTopology running = topology.get();
    if (running == null) {
      return Health.down("starting or stopping");
    }
    return switch (running.health()) {
      case dev.tidemark.pipeline.runtime.Health.Running _ -> Health.up("running");
      case dev.tidemark.pipeline.runtime.Health.Starting(String doing) -> Health.down(doing);
      case dev.tidemark.pipeline.runtime.Health.Failing(String reason) -> Health.down(reason);
    };
  }
}
