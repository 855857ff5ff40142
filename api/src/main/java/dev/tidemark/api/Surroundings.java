package dev.tidemark.api;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.api.metrics.Metrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;

/**
 * What a process that hosts the api shares with it.
 *
 * @param meters the registry that {@code /prometheus} shows
 * @param components what health asks besides the api's own parts
 * @param clock what tokens are checked against
 */
public record Surroundings(
    PrometheusMeterRegistry meters, List<HealthComponent> components, InstantSource clock) {
  public Surroundings {
    requireNonNull(meters, "meters is null");
    components = List.copyOf(components);
    requireNonNull(clock, "clock is null");
  }

  /** The api has the process to itself. */
  public static Surroundings none() {
    return new Surroundings(Metrics.registry(), List.of(), InstantSource.system());
  }
}
