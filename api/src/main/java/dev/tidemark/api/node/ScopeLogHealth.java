package dev.tidemark.api.node;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.pipeline.scopelog.ScopeLog;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether this node has the log of all scopes and follows it. */
record ScopeLogHealth(Supplier<@Nullable ScopeLog> log) implements HealthComponent {
  @Override
  public String name() {
    return "scope-log";
  }

  @Override
  public Health check() {
    ScopeLog running = log.get();
    if (running == null) {
      return Health.down("starting or stopping");
    }
    return Healths.of(running.health());
  }
}
