package dev.tidemark.api.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.api.health.HealthComponent.Health;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the process is.
 *
 * @param status UP if every component is
 * @param components each component, for operators and admins only
 */
@Introspected
@Schema(description = "How the process is. Components are shown to operators and admins only.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record HealthReport(Status status, Map<String, Component> components) {
  /** Whether something is well. */
  enum Status {
    UP,
    DOWN
  }

  /** How one component is. */
  @Introspected
  record Component(Status status, String detail) {}

  static final HealthReport ALIVE = new HealthReport(Status.UP, Map.of());

  static HealthReport of(Map<String, Health> healths, boolean withComponents) {
    boolean up = healths.values().stream().allMatch(Health::up);
    Map<String, Component> components = new LinkedHashMap<>();
    if (withComponents) {
      healths.forEach(
          (name, health) ->
              components.put(name, new Component(status(health.up()), health.detail())));
    }
    return new HealthReport(status(up), components);
  }

  boolean isUp() {
    return status == Status.UP;
  }

  private static Status status(boolean up) {
    return up ? Status.UP : Status.DOWN;
  }
}
