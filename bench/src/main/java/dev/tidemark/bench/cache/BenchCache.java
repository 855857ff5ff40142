package dev.tidemark.bench.cache;

import dev.tidemark.bench.cache.CacheBenchOptions.Part;
import dev.tidemark.bench.system.Latency;
import dev.tidemark.bench.system.Machine;
import dev.tidemark.bench.system.ResultFile;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.cache.node.QuietNode;
import dev.tidemark.bench.verify.cache.wire.Line;
import dev.tidemark.bench.verify.cache.wire.Wire;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * {@code ./tidemark bench cache}: prints a table of figures, each beside its limit and its goal.
 */
public final class BenchCache {
  private static final String LOGGING = "logback.configurationFile";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration READY = Duration.ofMinutes(2);
  private static final int NODES = 2;
  private static final List<String> CONNECTORS = List.of("-Xmx512m", "-XX:+UseSerialGC");
  private static final List<String> NODE = List.of("-Xmx512m", "-XX:+UseSerialGC");

  private final CacheBenchOptions options;
  private final SyncSystem system;
  private final Clinic clinic;
  private final Duration duration;

  private BenchCache(CacheBenchOptions options, SyncSystem system, Clinic clinic) {
    this.options = options;
    this.system = system;
    this.clinic = clinic;
    this.duration = Duration.ofSeconds(options.seconds);
  }

  public static void main(String[] arguments) throws Exception {
    CacheBenchOptions options = new CacheBenchOptions();
    try {
      new CommandLine(options).parseArgs(arguments);
    } catch (ParameterException e) {
      System.err.println(e.getMessage());
      e.getCommandLine().usage(System.err);
      System.exit(2);
      return;
    }
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "bench-logback.xml");
    }
    String table = run(options.settled(), Files.createTempDirectory("tidemark-bench-cache-"));
    System.out.println(table);
    if (options.save) {
      System.err.println("written to " + ResultFile.save("cache", "Cache", table));
    }
    System.exit(0);
  }

  /** Measures everything; returns the table. */
  static String run(CacheBenchOptions options, Path directory) throws Exception {
    System.err.println("logs: " + directory);
    Clinic clinic = new Clinic(options.providers);
    SyncSystem.Plan plan =
        new SyncSystem.Plan(
            clinic.ddl(),
            Clinic.catalog(),
            NODES,
            Map.of("max_wal_size", "8GB"),
            CONNECTORS,
            NODE,
            Map.of());
    try (SyncSystem system = SyncSystem.forLoad(plan, directory)) {
      for (int node = 0; node < NODES; node++) {
        system.nodeMain(node, QuietNode.class.getName());
      }
      system.start();
      String table = new BenchCache(options, system, clinic).measure();
      system.stop();
      return table;
    }
  }

  private String measure() throws Exception {
    Machine machine;
    try (Connection connection = system.connect()) {
      machine = Machine.here(connection);
    }
    System.err.println(machine.sentence());
    awaitHits();
    Duration warmUp = Duration.ofSeconds(options.warmUp);
    CacheTable table = new CacheTable(machine, options);
    if (options.only.contains(Part.gone)) {
      table.gone(new Drops(system).run(options.rate, warmUp, duration));
      System.err.println("commits have gone through");
    }
    if (options.only.contains(Part.hits)) {
      String token = system.tokens().operator();
      Latency hit = http(Clinic.item(1, token));
      Latency health = http(Clinic.sent("/health/liveness", token));
      table.hits(HitCosts.measured(system.redis().url(), options.quick), hit, health);
      System.err.println("hits have been counted");
    }
    if (options.only.contains(Part.agendas)) {
      Mix mix = new Mix(system, clinic);
      Duration shorter = Duration.ofSeconds(Math.max(1, options.seconds / 2));
      var _ = mix.run(false, options.mixRate, shorter);
      // What was written while nobody used the cache is read again meanwhile.
      var _ = mix.run(true, options.mixRate, warmUp);
      Mix.Result with = mix.run(true, options.mixRate, duration);
      var _ = mix.run(false, options.mixRate, shorter);
      table.mix(with, mix.run(false, options.mixRate, duration));
      System.err.println("the mix is done");
    }
    if (options.only.contains(Part.flood)) {
      table.flood(new Flood(system).run(options.changes));
      System.err.println("the flood has passed");
    }
    return table.text();
  }

  /** Until the cache trusts itself. */
  private void awaitHits() throws Exception {
    long deadline = System.nanoTime() + READY.toNanos();
    for (int node = 0; node < NODES; node++) {
      try (Line line = line(node)) {
        boolean hit = false;
        while (!hit) {
          if (System.nanoTime() > deadline) {
            throw new IllegalStateException("node " + (node + 1) + " gives nothing from its cache");
          }
          line.send(List.of(Clinic.item(1, system.tokens().operator())), false);
          line.receive();
          hit = line.tier().hit();
          Thread.sleep(100);
        }
      }
    }
  }

  private Line line(int node) throws java.io.IOException {
    return new Line(URI.create(system.url(node)).getPort(), PATIENCE);
  }

  /** One request after the other on one connection. */
  private Latency http(Wire.Sent sent) throws Exception {
    Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    try (Line line = line(0)) {
      long end = System.nanoTime() + duration.toNanos();
      for (boolean counts = false;
          System.nanoTime() < end;
          counts = System.nanoTime() > end - duration.toNanos() / 2) {
        long asked = System.nanoTime();
        line.send(List.of(sent), false);
        line.receive();
        if (line.status() != 200) {
          throw new IllegalStateException(sent.path() + ": " + line.status());
        }
        if (counts) {
          micros.recordValue((System.nanoTime() - asked) / 1_000);
        }
      }
    }
    return Latency.of(micros);
  }
}
