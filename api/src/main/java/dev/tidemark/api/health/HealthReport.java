package dev.tidemark.api.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.api.health.HealthComponent.Health;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the process is.
 *
 * @param status that of the component that is worst
 * @param components each component, for operators and admins only
 */
@Introspected
@Schema(description = "How the process is. Components are shown to operators and admins only.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record HealthReport(Status status, Map<String, Component> components) {
  /** Whether something is well. */
  enum Status {
    UP,
    DEGRADED,
    DOWN
  }

  /** How one component is. */
  @Introspected
  record Component(Status status, String detail) {}

  static final HealthReport ALIVE = new HealthReport(Status.UP, Map.of());

  static HealthReport of(Map<String, Health> healths, boolean withComponents) {
    Status worst =
        healths.values().stream()
            .map(HealthReport::status)
            .max(Comparator.naturalOrder())
            .orElse(Status.UP);
    Map<String, Component> components = new LinkedHashMap<>();
    if (withComponents) {
      healths.forEach(
          (name, health) -> components.put(name, new Component(status(health), health.detail())));
    }
    return new HealthReport(worst, components);
  }

  /** Whether requests may come. */
  boolean works() {
    return status != Status.DOWN;
  }

  private static Status status(Health health) {
    return switch (health.state()) {
      case UP -> Status.UP;
      case DEGRADED -> Status.DEGRADED;
      case DOWN -> Status.DOWN;
    };
  }
}
