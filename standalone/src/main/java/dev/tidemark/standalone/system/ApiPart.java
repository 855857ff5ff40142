package dev.tidemark.standalone.system;

import dev.tidemark.api.Api;
import dev.tidemark.api.ApiSettings;
import dev.tidemark.api.RunningApi;
import dev.tidemark.api.Surroundings;
import dev.tidemark.api.health.HealthComponent;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The api, and in it the topologies whose stores it answers from. */
final class ApiPart implements Part {
  private final Supplier<Map<String, String>> settings;
  private final PrometheusMeterRegistry meters;
  private final List<HealthComponent> components;
  private volatile Optional<RunningApi> api = Optional.empty();

  ApiPart(
      Supplier<Map<String, String>> settings,
      PrometheusMeterRegistry meters,
      List<HealthComponent> components) {
    this.settings = settings;
    this.meters = meters;
    this.components = List.copyOf(components);
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public void start() {
    api =
        Optional.of(
            Api.start(
                ApiSettings.from(settings.get()),
                new Surroundings(meters, components, InstantSource.system())));
  }

  String url() {
    return "http://127.0.0.1:" + api.map(RunningApi::port).orElse(0);
  }

  @Override
  public String where() {
    return url();
  }

  @Override
  public void close() {
    api.ifPresent(RunningApi::close);
  }
}
