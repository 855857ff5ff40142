package dev.tidemark.bench.sync;

import dev.tidemark.bench.decide.DecisionCosts;
import dev.tidemark.bench.sync.Load.Figures;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.system.Machine;
import dev.tidemark.bench.system.ResultFile;
import dev.tidemark.bench.system.SyncSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code ./tidemark bench sync}: prints a table of figures, each beside its limit or goal. */
public final class BenchSync {
  private static final String LOGGING = "logback.configurationFile";
  private static final List<Integer> CLIENTS = List.of(1, 4, 16);
  private static final int OPERATIONS = 10;
  private static final int MILLION = 1_000_000;
  private static final Duration CAPTURED = Duration.ofMinutes(5);

  private final SyncBenchOptions options;
  private final SyncSystem system;
  private final List<Door> doors = new ArrayList<>();
  private int devices;

  private BenchSync(SyncBenchOptions options, SyncSystem system) {
    this.options = options;
    this.system = system;
  }

  public static void main(String[] arguments) throws Exception {
    SyncBenchOptions options = new SyncBenchOptions();
    try {
      new CommandLine(options).parseArgs(arguments);
    } catch (ParameterException e) {
      System.err.println(e.getMessage());
      e.getCommandLine().usage(System.err);
      System.exit(2);
      return;
    }
    options.settled();
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "bench-logback.xml");
    }
    Path directory = Files.createTempDirectory("tidemark-bench-sync-");
    System.err.println("logs: " + directory);
    String table;
    try (SyncSystem system = SyncSystem.forLoad(plan(options), directory)) {
      system.start();
      table = new BenchSync(options, system).measure();
      system.stop();
    }
    System.out.println(table);
    if (options.save) {
      System.err.println("written to " + ResultFile.save("sync", "Sync", table));
    }
    // The clients' threads are nobody's any more.
    System.exit(0);
  }

  private static SyncSystem.Plan plan(SyncBenchOptions options) {
    List<String> jvm = new ArrayList<>(List.of("-Xmx" + options.heap + "m", "-XX:+UseSerialGC"));
    if (!options.recordings.isEmpty()) {
      jvm.add(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
              + Path.of(options.recordings, "%p.jfr").toAbsolutePath());
    }
    return new SyncSystem.Plan(
        Entries.ddl(options.rows),
        Entries.catalog(),
        options.nodes,
        Map.of("max_wal_size", "8GB"),
        jvm,
        jvm,
        Map.of());
  }

  private String measure() throws Exception {
    for (int i = 0; i < system.nodeCount(); i++) {
      doors.add(new Door(system.url(i)));
    }
    Duration duration = Duration.ofSeconds(options.seconds);
    Machine machine;
    try (Connection connection = system.connect()) {
      machine = Machine.here(connection);
    }
    System.err.println(machine.sentence());
    List<Figures> limit = new ArrayList<>();
    try (PlainTransactions plain = new PlainTransactions(options.rows)) {
      plain.measured(4, Duration.ofSeconds(Math.max(1, options.seconds / 3)), system::connect);
      for (int clients : CLIENTS) {
        limit.add(told("limit", plain.measured(clients, duration, system::connect)));
      }
    }
    awaitCaptured(options.rows);
    told("warming up", devices(16, Duration.ofSeconds(options.warmUp), options.rows));
    Figures open =
        told("open loop", Load.open(options.rate, duration, number -> device(options.rows)));
    List<Figures> closed = new ArrayList<>();
    for (int clients : CLIENTS) {
      closed.add(told("devices", devices(clients, duration, options.rows)));
    }
    Backlog backlog =
        Backlog.measured(system, newDevice(), Math.min(options.backlog, options.rows));
    System.err.println(backlog);
    Optional<Figures> million = options.million ? Optional.of(million(duration)) : Optional.empty();
    doors.forEach(Door::close);
    return SyncTable.of(
        machine,
        options,
        new SyncResults(limit, open, closed, backlog, million, DecisionCosts.measured()));
  }

  private Figures million(Duration duration) throws Exception {
    try (Connection connection = system.connect()) {
      Entries.grow(connection, options.rows, MILLION);
    }
    awaitCaptured(MILLION);
    return told("devices on a million rows", devices(16, duration, MILLION));
  }

  /** The nodes know of the last row, and so of all before it. */
  private void awaitCaptured(int last) throws Exception {
    long deadline = System.nanoTime() + CAPTURED.toNanos();
    for (int known = 0; known < doors.size(); ) {
      Door.Answer answer =
          doors.get(known).get("/api/entities/entry/" + last, system.tokens().operator());
      if (answer.status() == 200) {
        known++;
      } else if (System.nanoTime() > deadline) {
        throw new IllegalStateException("entry " + last + " does not arrive: " + answer);
      } else {
        Thread.sleep(100);
      }
    }
  }

  private Figures devices(int count, Duration duration, int rows) throws Exception {
    Map<String, Duration> before = system.busy();
    Figures figures = Load.closed(count, duration, number -> device(rows));
    double batches = Math.max(1, figures.perSecond() * duration.toSeconds());
    system
        .busy()
        .forEach(
            (name, busy) ->
                System.err.printf(
                    Locale.ROOT,
                    "%s: %.1f ms of processor for a batch%n",
                    name,
                    busy.minus(before.getOrDefault(name, Duration.ZERO)).toMillis() / batches));
    return figures;
  }

  private Load.Work device(int rows) {
    BenchDevice device = newDevice();
    return () -> {
      synchronized (device) {
        device.send(device.entries(OPERATIONS, rows), Instant.now());
      }
    };
  }

  private BenchDevice newDevice() {
    int number = devices++;
    String name = "bench-" + number;
    return new BenchDevice(
        name,
        doors.get(number % doors.size()),
        system.tokens().device(name, List.of("owner/" + Entries.OWNER)),
        number);
  }

  private static Figures told(String what, Figures figures) {
    System.err.println(what + ": " + figures);
    return figures;
  }
}
