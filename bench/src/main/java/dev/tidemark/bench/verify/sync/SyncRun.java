package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.sync.readers.Flaw;
import dev.tidemark.bench.verify.sync.readers.Readers;
import dev.tidemark.bench.verify.sync.readers.Settlements;
import dev.tidemark.contract.Topics;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One run: devices and sessions write, faults happen, and in the end everything has to add up. */
final class SyncRun implements AutoCloseable {
  /** How long after the last fault a batch may be unsettled. */
  static final Duration STALL = Duration.ofSeconds(60);

  private static final Duration WITHOUT_FAULTS = Duration.ofSeconds(20);
  private static final Duration HOPELESS = Duration.ofSeconds(60);
  private static final Duration ARRIVING = Duration.ofSeconds(20);
  private static final Duration LATECOMERS = Duration.ofMillis(1_500);
  private static final List<String> LIGHT =
      List.of("-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /** So that a run meets the heartbeats, and the end of a listener that does not answer them. */
  private static final Map<String, String> LIVELY =
      Map.of("TIDEMARK_LIVE_HEARTBEAT", "2s", "TIDEMARK_LIVE_PATIENCE", "5s");

  private static final int QUIET_EVERY = 6;

  private final SyncPlan plan;
  private final Consumer<String> out;
  private final Random random;
  private final SyncSystem system;
  private final SyncFaults faults;
  private final Crowd crowd;
  private final Readers readers;
  private final Findings findings = new Findings();
  private final List<Duration> recoveries = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();

  SyncRun(SyncPlan plan, Path directory, Consumer<String> out) {
    this.plan = plan;
    this.out = out;
    this.random = new Random(plan.seed());
    this.system =
        new SyncSystem(
            new SyncSystem.Plan(Tables.ddl(), Tables.catalog(), 2, Map.of(), LIGHT, LIGHT, LIVELY),
            directory);
    this.faults = new SyncFaults(system, random);
    Settlements settlements = new Settlements();
    this.crowd = new Crowd(system, plan.devices(), plan.seed(), settlements);
    this.readers =
        new Readers(
            Crates.ground(),
            new Readers.Scopes(
                scopes("owner/", Tables.OWNERS),
                scopes("place/", Crates.PLACES),
                scopes("guest/", Crates.GUESTS)),
            crowd.doors(),
            system.tokens()::device,
            settlements,
            plan.plant().map(SyncPlant::flaw).orElse(Flaw.NONE),
            findings,
            plan.seed());
  }

  private static List<String> scopes(String kind, List<String> names) {
    return names.stream().map(name -> kind + name).toList();
  }

  SyncVerdict run() throws SQLException, InterruptedException {
    system.start();
    out.accept("everything runs");
    readers.start(this::rows);
    crowd.start();
    int done = 0;
    boolean stalled = false;
    if (plan.plant().filter(SyncPlant::whileRunning).isPresent()) {
      plan.plant().get().plant(system);
    }
    List<SyncFault> order = order();
    while (done < plan.rounds() && !stalled && crowd.letters().troubles().isEmpty()) {
      stalled = !round(done + 1, order.get(done % order.size()));
      done++;
      if (!stalled && done % QUIET_EVERY == 0 && done < plan.rounds()) {
        stalled = !quiet("after round " + done);
      }
    }
    if (plan.rounds() == 0) {
      Thread.sleep(WITHOUT_FAULTS);
    }
    if (!crowd.finish(stalled ? Duration.ofSeconds(1) : HOPELESS)) {
      findings.add(Kind.UNSETTLED, "batches are on their way when all is over");
    }
    conclude();
    return new SyncVerdict(
        done,
        plan.seed(),
        crowd.letters().sentence(),
        readers.said(),
        findings,
        recoveries,
        troubles);
  }

  private Map<String, ObjectNode> rows() throws SQLException {
    try (Connection connection = system.connect()) {
      return new Archive(connection, Crowd::permission).rows();
    }
  }

  /** Has everybody rest, so that what readers have can be held against the tables. */
  private boolean quiet(String when) throws SQLException, InterruptedException {
    if (crowd.quiet(HOPELESS, this::revive, () -> readers.check(when, this::rows))) {
      return true;
    }
    findings.add(Kind.UNSETTLED, "devices do not come to rest " + when);
    return false;
  }

  /** Every kind comes before one comes again. */
  private List<SyncFault> order() {
    List<SyncFault> order = new ArrayList<>();
    while (order.size() < plan.rounds()) {
      List<SyncFault> each = new ArrayList<>(plan.faults());
      Collections.shuffle(each, random);
      order.addAll(each);
    }
    return order;
  }

  private boolean round(int number, SyncFault fault) throws InterruptedException {
    Thread.sleep(300 + random.nextInt(1_500));
    String what = faults.inflict(fault);
    long over = System.nanoTime();
    Optional<Long> settled = crowd.awaitSettled(over, STALL, this::revive);
    if (settled.isEmpty()) {
      system.dumpThreads();
      findings.add(
          Kind.UNSETTLED,
          "round %d, %s: not settled %d s later".formatted(number, what, STALL.toSeconds()));
      settled = crowd.awaitSettled(over, HOPELESS, this::revive);
    }
    if (settled.isEmpty()) {
      out.accept("round %2d  %-48s  never settled".formatted(number, what));
      return false;
    }
    Duration recovery = Duration.ofNanos(settled.get() - over);
    recoveries.add(recovery);
    out.accept(
        "round %2d  %-48s  settled after %s, %,d batches"
            .formatted(number, what, SyncVerdict.seconds(recovery), crowd.letters().batches()));
    return true;
  }

  private void revive() {
    system
        .revive()
        .forEach(what -> out.accept("          " + what + " ended and is started again"));
  }

  private void conclude() throws SQLException, InterruptedException {
    if (plan.plant().filter(plant -> !plant.whileRunning()).isPresent()) {
      awaitSettledInDatabase();
      plan.plant().get().plant(system);
    }
    List<String> unsettled = awaitSettledInDatabase();
    unsettled.forEach(batch -> findings.add(Kind.UNSETTLED, "never settled: " + batch));
    Thread.sleep(LATECOMERS);
    revive();
    readers.check("in the end", this::rows);
    readers.close();
    Evidence evidence = evidence();
    Effects.check(evidence, findings);
    Counters.check(evidence, findings);
    Acknowledgements.check(evidence, findings);
    Replay replay = new Replay(Tables.types());
    replay.check(evidence, findings);
    revive();
    system.awaitReady();
    new Convergence(crowd.doors(), system.tokens().operator())
        .check(
            evidence.noted().stream().map(Noted::key).collect(Collectors.toSet()),
            evidence.rows(),
            findings);
    int dead = Kept.records(system.kafka(), Topics.DEAD_LETTER).size();
    if (dead > 0) {
      findings.add(Kind.DEAD_LETTER, dead + " records were put aside");
    }
    if (readers.changes() < plan.leastBatches()) {
      troubles.add("readers were told only %,d changes".formatted(readers.changes()));
    }
    troubles.addAll(crowd.letters().troubles());
    if (crowd.letters().batches() < plan.leastBatches()) {
      troubles.add(
          "only %,d batches were sent, %,d are needed to prove anything"
              .formatted(crowd.letters().batches(), plan.leastBatches()));
    }
    out.accept(
        "%,d operations in the ledger, %,d changes of rows noted (%,d by psql), %,d decisions made again"
            .formatted(
                evidence.ledger().size(),
                evidence.noted().size(),
                evidence.noted().stream().filter(Noted::byPsql).count(),
                replay.decided()));
    out.accept("results: " + results(evidence));
  }

  private static Map<String, Long> results(Evidence evidence) {
    return evidence.ledger().stream()
        .collect(
            Collectors.groupingBy(
                settled ->
                    settled.resolution() == null
                        ? settled.result()
                        : settled.result() + "/" + settled.resolution(),
                java.util.TreeMap::new,
                Collectors.counting()));
  }

  private List<String> awaitSettledInDatabase() throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + ARRIVING.toNanos();
    while (true) {
      try (Connection connection = system.connect()) {
        List<String> unsettled = new Archive(connection, Crowd::permission).unsettled();
        if (unsettled.isEmpty() || System.nanoTime() > deadline) {
          return unsettled;
        }
      }
      Thread.sleep(200);
    }
  }

  private Evidence evidence() throws SQLException {
    Map<String, Integer> outcomes = new LinkedHashMap<>();
    Kept.records(system.kafka(), Topics.OUTCOME)
        .forEach(record -> outcomes.merge(record.value().operation(), 1, Integer::sum));
    try (Connection connection = system.connect()) {
      Archive archive = new Archive(connection, Crowd::permission);
      Map<String, ObjectNode> rows = archive.rows();
      return new Evidence(
          crowd.letters().operations(),
          archive.ledger(),
          archive.noted(),
          archive.settledNotes(),
          rows,
          outcomes);
    }
  }

  boolean caught(SyncPlant plant) {
    return plant.caught(findings);
  }

  @Override
  public void close() {
    readers.close();
    crowd.close();
    system.close();
  }
}
