package dev.tidemark.standalone.system;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.connectors.write.Writer;
import dev.tidemark.connectors.write.WriterHealth;
import dev.tidemark.connectors.write.WriterSettings;
import dev.tidemark.contract.catalog.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The writer: what was decided goes to Postgres. */
final class WriterPart implements Part, HealthComponent {
  private final Supplier<String> postgres;
  private final Supplier<String> kafka;
  private final Catalog catalog;
  private final MeterRegistry meters;
  private volatile Optional<Writer> writer = Optional.empty();

  WriterPart(
      Supplier<String> postgres, Supplier<String> kafka, Catalog catalog, MeterRegistry meters) {
    this.postgres = postgres;
    this.kafka = kafka;
    this.catalog = catalog;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "writer";
  }

  @Override
  public void start() {
    Writer starting = new Writer(WriterSettings.of(postgres.get(), kafka.get()), catalog, meters);
    writer = Optional.of(starting);
    starting.start();
  }

  @Override
  public Health check() {
    Optional<Writer> running = writer;
    if (running.isEmpty()) {
      return Health.down("not started yet");
    }
    WriterHealth health = running.get().health();
    String detail = health.state().name().toLowerCase(Locale.ROOT) + ": " + health.detail();
    return health.up() ? Health.up(detail) : Health.down(detail);
  }

  @Override
  public String where() {
    return "writes what was decided";
  }

  @Override
  public void close() {
    writer.ifPresent(Writer::close);
  }
}
