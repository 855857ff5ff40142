package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.cache.node.QuietNode;
import dev.tidemark.bench.verify.cache.wire.Line;
import dev.tidemark.bench.verify.cache.wire.SideLine;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** One run: writers write, readers read, and faults happen meanwhile. */
final class CacheRun implements AutoCloseable {
  /** The cache's own promise, as the nodes are told it. */
  static final Duration BOUND = Duration.ofSeconds(5);

  /** How long after a fault hits may be missing. */
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(250);
  private static final double SETTLED_SHARE = 0.5;
  private static final int SETTLED_LOOKS = 2;
  private static final int NODES = 2;

  /** How many questions a reader sends before the first is answered. */
  private static final int BY_HTTP = 4;

  private static final int BY_SIDE_DOOR = 24;

  /** So that the system has some of the machine left. */
  private static final Duration HTTP_PAUSE = Duration.ofMillis(20);

  private static final Duration SIDE_PAUSE = Duration.ofMillis(8);

  private static final List<String> LIGHT =
      List.of("-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final CachePlan plan;
  private final Consumer<String> out;
  private final Random random;
  private final SyncSystem system;
  private final CacheFaults faults;
  private final Trade trade;
  private final Tallies tallies = new Tallies(NODES);
  private final Findings findings = new Findings();
  private final Delays delays = new Delays();
  private final Judge judge = new Judge(BOUND, findings);
  private final List<CacheReader> readers = new ArrayList<>();
  private final List<Thread> reading = new ArrayList<>();
  private final List<Duration> settled = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();

  CacheRun(CachePlan plan, Path directory, Consumer<String> out) {
    this.plan = plan;
    this.out = out;
    this.random = new Random(plan.seed());
    this.system =
        new SyncSystem(
            new SyncSystem.Plan(
                Shop.ddl(Trade.BLOCKS),
                Shop.catalog(),
                NODES,
                Map.of(),
                LIGHT,
                LIGHT,
                Map.of(
                    "TIDEMARK_CACHE_PATIENCE",
                    BOUND.toMillis() + "ms",
                    "TIDEMARK_CACHE_CHECK_EVERY",
                    "1s")),
            directory);
    for (int node = 0; node < NODES; node++) {
      system.nodeMain(node, QuietNode.class.getName());
    }
    plan.plant().ifPresent(plant -> plant.prepare(system));
    this.faults = new CacheFaults(system, random);
    this.trade =
        new Trade(system, plan.seed(), delays, undone -> findings.add(Kind.UNEXPECTED, undone));
  }

  CacheVerdict run() throws SQLException, InterruptedException {
    system.start();
    out.accept("everything runs");
    trade.start();
    startReaders();
    awaitHits();
    calm();
    int done = 0;
    List<CacheFault> order = order();
    while (goesOn(done) && !trade.failed()) {
      if (done == order.size()) {
        order.addAll(order());
      }
      round(done + 1, order.get(done));
      done++;
    }
    if (plan.plant().isPresent()) {
      plan.plant().get().plant(system, trade);
    }
    readers.forEach(CacheReader::close);
    for (Thread thread : reading) {
      thread.join();
    }
    troubles.addAll(trade.finish());
    Statuses.add(system, findings);
    trade.close();
    if (judge.reads() < plan.leastReads()) {
      troubles.add(
          "only %,d answers were read, %,d are needed to prove anything"
              .formatted(judge.reads(), plan.leastReads()));
    }
    return new CacheVerdict(
        done, plan.seed(), judge, tallies, trade.deeds(), delays, findings, settled, troubles);
  }

  /** A slow machine has more rounds, so that there are enough answers to prove something. */
  private boolean goesOn(int done) {
    return done < plan.rounds() || (done < 2 * plan.rounds() && judge.reads() < plan.leastReads());
  }

  /** Reads go faster and faster while the nodes are compiled. */
  private void calm() throws InterruptedException {
    long before = judge.reads();
    Thread.sleep(plan.calm());
    out.accept(
        "calm for %s, %,d answers"
            .formatted(CacheVerdict.seconds(plan.calm()), judge.reads() - before));
  }

  private void startReaders() {
    String token = system.tokens().operator();
    Questions quick = trade.questions(token, plan.seed(), asked -> !asked.slow());
    Questions slow = trade.questions(token, plan.seed(), Asked::slow);
    for (int node = 0; node < system.nodeCount(); node++) {
      int port = URI.create(system.url(node)).getPort();
      Path side = SideLine.port(system.stateDirectory(node));
      CacheReader.Opens http = patience -> new Line(port, patience);
      CacheReader.Opens direct = patience -> new SideLine(side, patience);
      for (int i = 0; i < plan.readers(); i++) {
        startReader(new CacheReader.Place(node, http, BY_HTTP, HTTP_PAUSE), quick);
      }
      for (int i = 0; i < 2 * plan.readers(); i++) {
        startReader(new CacheReader.Place(node, direct, BY_SIDE_DOOR, SIDE_PAUSE), quick);
      }
      startReader(new CacheReader.Place(node, direct, 1, Duration.ZERO), slow);
    }
  }

  private void startReader(CacheReader.Place place, Questions questions) {
    int number = readers.size();
    CacheReader reader =
        new CacheReader(place, questions, judge, tallies, new Random(plan.seed() * 1_000 + number));
    readers.add(reader);
    reading.add(Thread.ofPlatform().daemon().name("reader-" + number).start(reader));
  }

  /** Every kind comes before one comes again. */
  private List<CacheFault> order() {
    List<CacheFault> order = new ArrayList<>();
    while (order.size() < plan.rounds()) {
      List<CacheFault> each = new ArrayList<>(plan.faults());
      Collections.shuffle(each, random);
      order.addAll(each);
    }
    return order;
  }

  private void round(int number, CacheFault fault) throws SQLException, InterruptedException {
    Thread.sleep(random.nextInt(1_500));
    String what = faults.inflict(fault);
    Optional<Duration> after = awaitHits();
    if (after.isEmpty()) {
      findings.add(
          Kind.UNSETTLED,
          "round %d, %s: no hits %d s later".formatted(number, what, SETTLED_WITHIN.toSeconds()));
      system.dumpThreads();
    }
    after.ifPresent(settled::add);
    out.accept(
        "round %2d  %-44s  hits again after %s, %,d answers, %d stale"
            .formatted(
                number,
                what,
                after.map(CacheVerdict::seconds).orElse("never"),
                judge.reads(),
                findings.count(Kind.STALE)));
  }

  /** Waits until both nodes give from the cache again; says how long that took. */
  private Optional<Duration> awaitHits() throws InterruptedException {
    long begun = System.nanoTime();
    int good = 0;
    List<Tallies.Count> before = counts();
    while (System.nanoTime() - begun < SETTLED_WITHIN.toNanos()) {
      Thread.sleep(LOOK);
      system
          .revive()
          .forEach(what -> out.accept("          " + what + " ended and is started again"));
      List<Tallies.Count> now = counts();
      boolean hits = true;
      for (int node = 0; node < now.size(); node++) {
        Tallies.Count since = now.get(node).since(before.get(node));
        hits &= since.answers() > 0 && since.share() >= SETTLED_SHARE;
      }
      before = now;
      good = hits ? good + 1 : 0;
      if (good >= SETTLED_LOOKS && Statuses.provenSince(system, begun)) {
        return Optional.of(
            Duration.ofNanos(System.nanoTime() - begun)
                .minus(LOOK.multipliedBy(SETTLED_LOOKS - 1)));
      }
    }
    return Optional.empty();
  }

  private List<Tallies.Count> counts() {
    List<Tallies.Count> counts = new ArrayList<>();
    for (int node = 0; node < system.nodeCount(); node++) {
      counts.add(tallies.of(node));
    }
    return counts;
  }

  boolean caught(CachePlant plant) {
    return plant.caught(findings);
  }

  @Override
  public void close() {
    readers.forEach(CacheReader::close);
    system.close();
  }
}
