package dev.tidemark.standalone.cli;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.servers.FreePort;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.home.Running;
import dev.tidemark.standalone.reference.ReferenceCatalog;
import dev.tidemark.standalone.system.Composition;
import dev.tidemark.standalone.system.OwnDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = {
      "Starts the whole system in one process, on real servers of its own.",
      "Started again on the same data it goes on where it was. Ctrl-C stops it.",
      ""
    },
    sortOptions = false)
final class UpCommand extends TidemarkCommand {
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = "Where the api listens (default: ${DEFAULT-VALUE}; 0: any free port).",
      defaultValue = "8080")
  private int httpPort;

  @Option(names = "--detach", description = "Returns once it is ready; ./tidemark down stops it.")
  private boolean detach;

  @Option(names = "--demo", description = "Makes the reference catalog's products move.")
  private boolean demo;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description = {
        "Your own database, as postgresql://user:password@host:port/database.",
        "It needs wal_level=logical and a user that may replicate."
      })
  private @Nullable String postgres;

  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description = "Your own catalog; goes together with --postgres.")
  private @Nullable Path catalog;

  @Option(names = "--once", hidden = true, description = "Stops as soon as it is ready.")
  private boolean once;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Home home = data.home();
    LogFile.of(home);
    if (detach) {
      return new Detached(home, arguments(), out()).start();
    }
    Files.createDirectories(home.log().resolveSibling("."));
    home.claim();
    try {
      return run(home);
    } finally {
      home.forget();
      home.release();
    }
  }

  private int run(Home home) throws IOException, InterruptedException {
    if (httpPort != 0 && !FreePort.isFree(httpPort)) {
      throw new Refusal(
          "Port %d is taken, so the api cannot listen there: choose another one with --http-port, or stop what listens on it."
              .formatted(httpPort));
    }
    Optional<OwnDatabase> own = ownDatabase();
    Path catalogFile = own.map(OwnDatabase::catalog).orElse(home.catalog());
    if (own.isEmpty()) {
      Files.writeString(catalogFile, ReferenceCatalog.text());
    }
    Catalog read = read(catalogFile);
    PrintWriter out = out();
    out.println("Tidemark starts on " + home + (own.isPresent() ? " and your database" : ""));
    out.flush();

    Composition system =
        new Composition(new Composition.Settings(home, read, catalogFile, own, httpPort, demo));
    try (Stopping stopping = new Stopping(system, home, out)) {
      system.start(
          (part, where, took) -> {
            out.printf("  %-9s %-58s %5.1f s%n", part, where, seconds(took));
            out.flush();
          });
      Running running = system.running(true);
      new Readiness(running).await();
      home.remember(running);
      new Announcement(out, home, running, read, own.isEmpty()).print(sinceStart());
      if (!once) {
        stopping.await();
      }
      return 0;
    }
  }

  private Optional<OwnDatabase> ownDatabase() {
    if (postgres == null && catalog == null) {
      return Optional.empty();
    }
    if (postgres == null || catalog == null) {
      throw new Refusal(
          "--postgres and --catalog go together: your own database with your own catalog, or"
              + " neither for the embedded database with the reference catalog.");
    }
    if (demo) {
      throw new Refusal("--demo writes to the reference catalog's tables, not to your database.");
    }
    try {
      return Optional.of(
          new OwnDatabase(PostgresUrl.parse(postgres), postgres, catalog.toAbsolutePath()));
    } catch (IllegalArgumentException e) {
      throw new Refusal("--postgres: " + e.getMessage() + ".", e);
    }
  }

  static Catalog read(Path file) {
    return switch (CatalogReader.read(file)) {
      case CatalogReading.Valid valid -> valid.catalog();
      case CatalogReading.Invalid invalid ->
          throw new Refusal(
              "The catalog cannot be used:\n  " + String.join("\n  ", invalid.sentences()));
    };
  }

  /** Since the command was given, the start of Java included. */
  private static Duration sinceStart() {
    return Duration.ofMillis(
        System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
