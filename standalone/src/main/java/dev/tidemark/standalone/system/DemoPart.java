package dev.tidemark.standalone.system;

import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.standalone.demo.DemoTraffic;
import java.util.Optional;
import java.util.function.Supplier;

/** Traffic over the reference catalog. */
final class DemoPart implements Part {
  private static final long SEED = 1;
  private static final double PER_SECOND = 5;

  private final Supplier<PostgresUrl> database;
  private volatile Optional<DemoTraffic> traffic = Optional.empty();

  DemoPart(Supplier<PostgresUrl> database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public void start() {
    PostgresUrl url = database.get();
    traffic =
        Optional.of(new DemoTraffic(url.jdbc(), url.user(), url.password(), SEED, PER_SECOND));
  }

  @Override
  public String where() {
    return "about %.0f transactions a second".formatted(PER_SECOND);
  }

  @Override
  public void close() {
    traffic.ifPresent(DemoTraffic::close);
  }
}
