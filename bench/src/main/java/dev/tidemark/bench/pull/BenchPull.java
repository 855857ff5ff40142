package dev.tidemark.bench.pull;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tidemark.bench.pull.PullResults.Connections;
import dev.tidemark.bench.pull.PullResults.Delta;
import dev.tidemark.bench.pull.PullResults.First;
import dev.tidemark.bench.pull.PullResults.Live;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.system.JavaProcess;
import dev.tidemark.bench.system.Latency;
import dev.tidemark.bench.system.Machine;
import dev.tidemark.bench.system.ResultFile;
import dev.tidemark.bench.system.SyncSystem;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code ./tidemark bench pull}: prints a table of figures, each beside its limit and its goal. */
public final class BenchPull {
  private static final String LOGGING = "logback.configurationFile";
  private static final Duration CAPTURED = Duration.ofMinutes(5);
  private static final int PAGE = 5_000;
  private static final int DELTA = 100;
  private static final int WRITERS = 20;

  /** Files that are open besides the connections. */
  private static final int OTHER_FILES = 1_000;

  private static final int FAN_OUTS = 20;
  private static final int FAN_OUTS_TO_WARM_UP = 5;
  private static final Duration REST = Duration.ofMillis(200);

  private final PullBenchOptions options;
  private final SyncSystem system;
  private final Items items;
  private final URI node;
  private final Duration duration;

  /** Something that puts load on the system. */
  @FunctionalInterface
  private interface Load {
    void run(Writes writes) throws Exception;
  }

  private BenchPull(PullBenchOptions options, SyncSystem system) {
    this.options = options;
    this.system = system;
    this.items = items(options);
    this.node = URI.create(system.url(0));
    this.duration = Duration.ofSeconds(options.seconds);
  }

  public static void main(String[] arguments) throws Exception {
    PullBenchOptions options = new PullBenchOptions();
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
    String table = run(options.settled(), Files.createTempDirectory("tidemark-bench-pull-"));
    System.out.println(table);
    if (options.save) {
      System.err.println("written to " + ResultFile.save("pull", "Pull and live", table));
    }
    // The clients' threads are nobody's any more.
    System.exit(0);
  }

  /** Measures everything; returns the table. */
  static String run(PullBenchOptions options, Path directory) throws Exception {
    System.err.println("logs: " + directory);
    requireFiles(options.connections);
    try (SyncSystem system = SyncSystem.forLoad(plan(options), directory)) {
      system.start();
      String table = new BenchPull(options, system).measure();
      system.stop();
      return table;
    }
  }

  private static Items items(PullBenchOptions options) {
    return new Items(options.rows, options.subscribers);
  }

  private static SyncSystem.Plan plan(PullBenchOptions options) {
    List<String> connectors = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC"));
    // All of the heap is touched at once, so that what grows later is something else.
    List<String> node =
        new ArrayList<>(
            List.of(
                "-Xms" + options.heap + "m",
                "-Xmx" + options.heap + "m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC"));
    if (!options.recordings.isEmpty()) {
      String recording =
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
              + Path.of(options.recordings, "%p.jfr").toAbsolutePath();
      connectors.add(recording);
      node.add(recording);
    }
    return new SyncSystem.Plan(
        items(options).ddl(),
        Items.catalog(),
        1,
        Map.of("max_wal_size", "8GB"),
        connectors,
        node,
        Map.of("TIDEMARK_LIVE_CONNECTIONS", Integer.toString(options.connections + 1_000)));
  }

  /** Better now than in the middle: the node inherits the limit of this process. */
  private static void requireFiles(int connections) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        && unix.getMaxFileDescriptorCount() < connections + OTHER_FILES) {
      throw new IllegalStateException(
          "%,d connections need that many files and some more; the limit is %,d: see ulimit -n"
              .formatted(connections, unix.getMaxFileDescriptorCount()));
    }
  }

  private String measure() throws Exception {
    Machine machine;
    try (Connection connection = system.connect()) {
      machine = Machine.here(connection);
    }
    System.err.println(machine.sentence());
    awaitCaptured();
    warmUp();
    List<Live> live =
        List.of(
            committed("1 hears all", List.of(scopes(Items.HALL)), Items.HALL),
            committed("each of " + options.subscribers + " hears its own", desks(), "desk"),
            committed("each of " + options.subscribers + " hears all", halls(), Items.HALL));
    Live devices = sent();
    First first = first();
    Delta delta = delta();
    Connections connections = connections();
    return PullTable.of(
        machine, options, new PullResults(live, devices, first, delta, connections));
  }

  private static List<String> scopes(String... owners) {
    return Arrays.stream(owners).map(Items::scope).toList();
  }

  private List<List<String>> halls() {
    return IntStream.range(0, options.subscribers).mapToObj(_ -> scopes(Items.HALL)).toList();
  }

  private List<List<String>> desks() {
    return IntStream.range(0, options.subscribers).mapToObj(i -> scopes(Items.desk(i))).toList();
  }

  private List<String> tokens(String name, List<List<String>> scopes) {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < scopes.size(); i++) {
      tokens.add(system.tokens().device(name + "-" + i, scopes.get(i)));
    }
    return tokens;
  }

  private Puller puller(boolean gzip, String owner) {
    return new Puller(
        system.url(0), system.tokens().device("puller-" + owner, scopes(owner)), gzip);
  }

  /** The node's log has all rows, and it settles what devices send. */
  private void awaitCaptured() throws Exception {
    long deadline = System.nanoTime() + CAPTURED.toNanos();
    try (Door door = new Door(system.url(0));
        Puller puller = puller(false, Items.BULK);
        // The last of the table, and so there when all are.
        Puller last = puller(false, Items.CROWD)) {
      while (last.page("", PAGE).puts() == 0) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("the rows do not arrive");
        }
        Thread.sleep(200);
      }
      int rows = puller.first(PAGE).stream().mapToInt(Puller.Page::puts).sum();
      if (rows != options.rows) {
        throw new IllegalStateException("a first sync brought " + rows + " rows");
      }
      String entity = "/api/entities/item/" + items.crowdRow(9);
      while (door.get(entity, system.tokens().operator()).status() != 200) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("the last row is not among the entities");
        }
        Thread.sleep(200);
      }
    }
  }

  /** Two thirds of it with listeners and writers, one with first syncs. */
  private void warmUp() throws Exception {
    Duration third = Duration.ofSeconds(Math.max(1, options.warmUp / 3));
    Duration two = third.multipliedBy(2);
    try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Writes byDevices = new Writes(Committers.count(options.deviceRate, two));
      Future<?> devices =
          other.submit(
              () -> {
                writers().send(byDevices, options.deviceRate, two, turn -> items.deskRow(turn));
                return byDevices;
              });
      Writes writes = new Writes(Committers.count(options.rate, two));
      try (LiveListeners listeners =
          LiveListeners.open(node, tokens("warm", halls()), (_, _) -> {})) {
        new Committers(system).commit(writes, options.rate, two, items::hallRow);
        requireNoneLost(listeners);
      }
      devices.get();
    }
    try (Puller plain = puller(false, Items.BULK);
        Puller gzip = puller(true, Items.BULK)) {
      long end = System.nanoTime() + third.toNanos();
      while (System.nanoTime() < end) {
        plain.first(PAGE);
        gzip.first(PAGE);
      }
    }
  }

  private DeviceWrites writers() {
    List<String> names = IntStream.range(0, WRITERS).mapToObj(i -> "writer-" + i).toList();
    List<String> scopes = new ArrayList<>(scopes(Items.HALL));
    desks().forEach(scopes::addAll);
    return new DeviceWrites(
        new Door(system.url(0)),
        names,
        names.stream().map(name -> system.tokens().device(name, scopes)).toList());
  }

  private Live committed(String who, List<List<String>> scopes, String owner) throws Exception {
    LongUnaryOperator id = owner.equals(Items.HALL) ? items::hallRow : items::deskRow;
    long hearers = owner.equals(Items.HALL) ? scopes.size() : 1;
    return live(
        options.rate + " commits/s, " + who,
        scopes,
        hearers,
        Committers.count(options.rate, duration),
        writes -> new Committers(system).commit(writes, options.rate, duration, id));
  }

  private Live sent() throws Exception {
    DeviceWrites writers = writers();
    return live(
        options.deviceRate + " device writes/s to another device",
        List.of(scopes(Items.HALL)),
        1,
        Committers.count(options.deviceRate, duration),
        writes -> writers.send(writes, options.deviceRate, duration, items::hallRow));
  }

  private Live live(String what, List<List<String>> scopes, long hearers, int most, Load load)
      throws Exception {
    Writes writes = new Writes(most);
    Receipts heard = new Receipts(writes);
    Receipts limit = new Receipts(writes);
    try (LiveListeners listeners = LiveListeners.open(node, tokens("live", scopes), heard::heard);
        BareConsumer _ = new BareConsumer(system.kafka(), limit::heard)) {
      busy(
          what,
          () -> {
            load.run(writes);
            return what;
          });
      long expected = hearers * writes.count();
      limit.await(writes.count());
      long received = heard.await(expected);
      requireNoneLost(listeners);
      Live live =
          new Live(
              what,
              writes.count(),
              heard.sinceCommit(),
              heard.sinceSent(),
              limit.sinceCommit(),
              limit.sinceSent(),
              received,
              expected);
      System.err.println(live);
      return live;
    }
  }

  private static void requireNoneLost(LiveListeners listeners) {
    if (listeners.lost() > 0) {
      throw new IllegalStateException(listeners.lost() + " live connections were ended");
    }
  }

  /** Tells how many cores each part keeps busy meanwhile; returns those of the node. */
  private double busy(String what, Callable<?> work) throws Exception {
    Map<String, Duration> before = system.busy();
    long begun = System.nanoTime();
    work.call();
    double nanos = System.nanoTime() - begun;
    StringBuilder text = new StringBuilder();
    double ofNode = 0;
    for (Map.Entry<String, Duration> one : system.busy().entrySet()) {
      Duration busy = one.getValue().minus(before.getOrDefault(one.getKey(), Duration.ZERO));
      ofNode = busy.toNanos() / nanos;
      text.append(String.format(Locale.ROOT, ", %s %.2f", one.getKey(), ofNode));
    }
    System.err.println("cores busy while " + what + text);
    return ofNode;
  }

  private First first() throws Exception {
    try (Puller plain = puller(false, Items.BULK);
        Puller gzip = puller(true, Items.BULK)) {
      List<Puller.Page> pages = plain.first(PAGE);
      double[] rates = new double[4];
      busy("first syncs", () -> rates[0] = rate(() -> plain.first(PAGE)));
      busy("first syncs with gzip", () -> rates[1] = rate(() -> gzip.first(PAGE)));
      try (LogScan scan = LogScan.open(system.kafka(), system.directory().resolve("scan"))) {
        long rows = scan.first(Items.scope(Items.BULK), PAGE);
        if (rows != options.rows) {
          throw new IllegalStateException("the log alone has " + rows + " rows");
        }
        rates[2] = rate(() -> scan.first(Items.scope(Items.BULK), PAGE));
      }
      try (PlainPages server = new PlainPages(pages);
          Puller puller = new Puller(server.url(), "", false)) {
        rates[3] = rate(() -> puller.first(PAGE));
      }
      First first =
          new First(
              options.rows,
              wire(pages),
              wire(gzip.first(PAGE)),
              rates[0],
              rates[1],
              rates[2],
              rates[3]);
      System.err.println(first);
      return first;
    }
  }

  private static long wire(List<Puller.Page> pages) {
    return pages.stream().mapToLong(Puller.Page::wireBytes).sum();
  }

  /** Rows a second, of the pass in the middle; the first third is not counted. */
  private double rate(Callable<?> pass) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    List<Long> took = new ArrayList<>();
    for (long now = System.nanoTime(); now < end; ) {
      pass.call();
      long after = System.nanoTime();
      took.add(after - now);
      now = after;
    }
    List<Long> counted = took.subList(took.size() / 3, took.size()).stream().sorted().toList();
    return options.rows * 1e9 / counted.get(counted.size() / 2);
  }

  private Delta delta() throws Exception {
    try (Puller puller = puller(false, Items.HALL);
        Connection connection = system.connect()) {
      String cursor = puller.first(PAGE).getLast().cursor();
      Writes writes = new Writes(DELTA);
      for (int i = 0; i < DELTA; i++) {
        Committers.one(connection, writes, items.hallRow(i));
      }
      Puller.Page page = puller.page(cursor, PAGE);
      long deadline = System.nanoTime() + CAPTURED.toNanos();
      while (page.puts() < DELTA && System.nanoTime() < deadline) {
        Thread.sleep(10);
        page = puller.page(cursor, PAGE);
      }
      if (page.puts() != DELTA || page.more()) {
        throw new IllegalStateException("a pull brought " + page.puts() + " changes");
      }
      Latency[] latencies = new Latency[2];
      // A cursor is the caller's: with the same one the same changes come again.
      busy("pulls", () -> latencies[0] = latency(() -> puller.page(cursor, PAGE)));
      try (PlainPages server = new PlainPages(List.of(page));
          Puller plain = new Puller(server.url(), "", false)) {
        latencies[1] = latency(() -> plain.page("", PAGE));
      }
      Delta delta = new Delta(DELTA, latencies[0], latencies[1]);
      System.err.println(delta);
      return delta;
    }
  }

  /** Of the calls of the last two thirds of the time. */
  private Latency latency(Callable<?> call) throws Exception {
    Histogram micros = new Histogram(3);
    long begun = System.nanoTime();
    long counted = begun + duration.toNanos() / 3;
    for (long now = begun; now < begun + duration.toNanos(); ) {
      call.call();
      long after = System.nanoTime();
      if (now >= counted) {
        micros.recordValue((after - now) / 1_000);
      }
      now = after;
    }
    return Latency.of(micros);
  }

  private Connections connections() throws Exception {
    JavaProcess process = system.node(0);
    if (process == null) {
      throw new IllegalStateException("there is no node");
    }
    List<List<String>> scopes = new ArrayList<>();
    for (int i = 0; i < options.connections; i++) {
      String own = Items.desk(i % options.subscribers);
      scopes.add(i < options.fanOut ? scopes(own, Items.CROWD) : scopes(own));
    }
    List<String> tokens = tokens("many", scopes);
    // What the first ones make it load and compile is not the price of one.
    LiveListeners.open(node, tokens.subList(0, tokens.size() / 10), (_, _) -> {}).close();
    Thread.sleep(2_000);
    NodeMemory before = NodeMemory.of(process.pid(), histogram("before"));
    Writes writes = new Writes(FAN_OUTS_TO_WARM_UP + FAN_OUTS);
    Receipts heard = new Receipts(writes);
    long begun = System.nanoTime();
    try (LiveListeners listeners = LiveListeners.open(node, tokens, heard::heard)) {
      System.err.printf(
          Locale.ROOT,
          "%,d connections opened in %.1f s%n",
          tokens.size(),
          (System.nanoTime() - begun) / 1e9);
      Thread.sleep(2_000);
      NodeMemory after = NodeMemory.of(process.pid(), histogram("after"));
      double idle =
          busy(
              "connections are silent",
              () -> {
                Thread.sleep(duration);
                return duration;
              });
      Histogram sinceCommit = new Histogram(3);
      Histogram sinceFirst = new Histogram(3);
      try (Connection connection = system.connect()) {
        for (int i = 0; i < writes.most(); i++) {
          int index = Committers.one(connection, writes, items.crowdRow(i));
          heard.await((i + 1L) * options.fanOut);
          if (!heard.isHeardBy(index, options.fanOut)) {
            throw new IllegalStateException("not everybody heard of change " + i);
          }
          if (i >= FAN_OUTS_TO_WARM_UP) {
            long last = heard.lastNanos(index);
            // The last can have it before the writer knows that it has committed.
            sinceCommit.recordValue(Math.max(0, last - writes.committedNanos(index)) / 1_000);
            sinceFirst.recordValue((last - heard.firstNanos(index)) / 1_000);
          }
          Thread.sleep(REST);
        }
      }
      requireNoneLost(listeners);
      Connections connections =
          new Connections(
              tokens.size(),
              after.heapEach(before, tokens.size()),
              after.restEach(before, tokens.size()),
              options.fanOut,
              Latency.of(sinceCommit),
              Latency.of(sinceFirst),
              idle);
      System.err.println(connections);
      return connections;
    }
  }

  private Path histogram(String when) {
    return system.directory().resolve("histogram-" + when + ".txt");
  }
}
