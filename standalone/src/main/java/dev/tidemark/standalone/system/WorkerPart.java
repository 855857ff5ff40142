package dev.tidemark.standalone.system;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.connectors.Workplace;
import dev.tidemark.connectors.jobs.WorkerHealth;
import dev.tidemark.connectors.jobs.WorkerSettings;
import dev.tidemark.connectors.work.WorkSettings;
import dev.tidemark.contract.catalog.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A worker: does the jobs that the catalog declares. */
final class WorkerPart implements Part, HealthComponent {
  private final Supplier<Map<String, String>> environment;
  private final Supplier<String> kafka;
  private final Catalog catalog;
  private final MeterRegistry meters;
  private volatile Optional<Workplace> work = Optional.empty();

  WorkerPart(
      Supplier<Map<String, String>> environment,
      Supplier<String> kafka,
      Catalog catalog,
      MeterRegistry meters) {
    this.environment = environment;
    this.kafka = kafka;
    this.catalog = catalog;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "worker";
  }

  @Override
  public void start() {
    Map<String, String> settings = environment.get();
    Workplace starting =
        new Workplace(
            WorkerSettings.from(settings, kafka.get(), catalog.jobs()),
            WorkSettings.from(settings),
            catalog,
            meters);
    work = Optional.of(starting);
    starting.start();
  }

  @Override
  public Health check() {
    Optional<Workplace> running = work;
    if (running.isEmpty()) {
      return Health.down("not started yet");
    }
    WorkerHealth health = running.get().health();
    return health.up() ? Health.up(health.detail()) : Health.down(health.detail());
  }

  @Override
  public String where() {
    return "does jobs";
  }

  @Override
  public void close() {
    work.ifPresent(Workplace::close);
  }
}
