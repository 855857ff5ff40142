package dev.tidemark.bench.verify;

import dev.tidemark.bench.verify.Faults.NotSurvived;
import dev.tidemark.bench.verify.Faults.Survived;
import dev.tidemark.connectors.capture.CaptureHealth.State;
import dev.tidemark.contract.CapturePosition;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** One run: writers write, faults happen, and the topics are held against history. */
final class VerifyRun {
  private static final Duration SNAPSHOT = Duration.ofMinutes(2);
  private static final Duration SETTLING = Duration.ofSeconds(90);
  private static final Duration STUCK = Duration.ofSeconds(20);
  private static final Duration LATECOMERS = Duration.ofMillis(1_500);
  private static final Duration PLANTING = Duration.ofMinutes(2);
  private static final Duration REFUSAL = Duration.ofSeconds(60);
  private static final int HUGE_EVERY = 4;
  private static final int FAR_BEHIND = 10_000;

  private final VerifyPlan plan;
  private final Consumer<String> out;
  private final Random random;
  private final World world;
  private final Writers writers;
  private final PositionWatch watch;
  private final ChangeTopics topics;
  private final Faults faults;
  private final History history = new History();
  private final Comparison comparison =
      new Comparison(World.PARTITIONS, key -> ChangeTopics.partitionOf(key, World.PARTITIONS));
  private final LastWords lastWords = new LastWords();
  private final Findings findings = new Findings();
  private final List<Duration> restarts = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private boolean flowing = true;
  private boolean planted;
  private boolean refused;

  VerifyRun(VerifyPlan plan, Path directory, Consumer<String> out) throws SQLException {
    this.plan = plan;
    this.out = out;
    this.random = new Random(plan.seed());
    this.world = World.start(directory);
    this.writers = new Writers(world::connect, plan.seed());
    this.watch = new PositionWatch(world.kafka(), World.SLOT);
    this.topics = new ChangeTopics(world.kafka(), World.PARTITIONS);
    this.faults = new Faults(world, writers, watch, random);
  }

  Verdict run() throws SQLException, InterruptedException {
    int done = 0;
    try {
      begin();
      while (done < plan.rounds() && troubles.isEmpty() && !comparison.diverged()) {
        done++;
        round(done);
      }
    } catch (NotSurvived e) {
      flowing = false;
      troubles.add("capture does not come back: " + e.getMessage());
    }
    writers.finish();
    writers.failure().ifPresent(e -> troubles.add("a writer failed: " + e));
    conclude();
    return new Verdict(done, plan.seed(), comparison.changes(), findings, restarts, troubles);
  }

  /** Rows that are there before, writers that write during the snapshot, a snapshot that dies. */
  private void begin() throws InterruptedException, NotSurvived {
    writers.start();
    Thread.sleep(1_000);
    long now = System.currentTimeMillis();
    RunningCapture first = world.startCapture(4096);
    if (random.nextBoolean()) {
      first.await(state -> state == State.SNAPSHOT, SNAPSHOT);
      Thread.sleep(random.nextInt(1_500));
      world.kill(first);
      now = System.currentTimeMillis();
      world.startCapture(4096);
      out.accept("round  0  capture killed in its first snapshot");
    }
    if (watch.awaitStreaming(now, SNAPSHOT).isEmpty()) {
      throw new NotSurvived("no stream after the first snapshot: " + world.capture().detail());
    }
    writers.truncateToo();
  }

  private void round(int number) throws SQLException, InterruptedException, NotSurvived {
    if (number % HUGE_EVERY == 0) {
      writers.wantHuge();
    }
    Thread.sleep(200 + random.nextInt(2_000));
    if (plan.plant().isPresent() && number == (plan.rounds() + 1) / 2) {
      plant(plan.plant().get());
      return;
    }
    Fault fault = nextFault();
    Survived survived = faults.inflict(fault);
    if (survived.ofCapture()) {
      restarts.add(survived.recovery());
    }
    inspect();
    out.accept(
        "round %2d  %-48s  %,9d changes  %,6d to come  streams after %s"
            .formatted(
                number,
                survived.what(),
                comparison.changes(),
                comparison.outstanding(),
                Verdict.seconds(survived.recovery())));
  }

  /** Every second fault is of capture where that is allowed. */
  private Fault nextFault() {
    if (plan.faults().contains(Fault.CAPTURE) && random.nextBoolean()) {
      return Fault.CAPTURE;
    }
    return plan.faults().get(random.nextInt(plan.faults().size()));
  }

  private void plant(Plant plant) throws SQLException, InterruptedException, NotSurvived {
    if (!faults.awaitMidTransaction(PLANTING)) {
      throw new NotSurvived("no large transaction came through to plant a fault in");
    }
    world.kill(world.capture());
    CapturePosition position = watch.latest().orElseThrow();
    try (Connection connection = world.connect()) {
      SlotRelease.await(connection);
      plant.plant(connection, world.kafka(), position);
    }
    out.accept("planted  " + plant.text());
    planted = true;
    if (plant != Plant.ADVANCE_SLOT) {
      faults.started(plant.text());
      inspect();
      return;
    }
    RunningCapture capture = world.startCapture(4096);
    capture.await(state -> state == State.REFUSED || state == State.STREAMING, REFUSAL);
    if (capture.state() == State.REFUSED) {
      flowing = false;
      refused = true;
      troubles.add("capture refused to go on: " + capture.detail());
    }
  }

  /** Whether the planted fault had the effect that it must have. */
  boolean caught(Plant plant) {
    return planted
        && switch (plant) {
          case SKIP_POSITION -> findings.count(Findings.Kind.DUPLICATED) > 0;
          case LOSE_POSITION -> findings.count(Findings.Kind.LOST) > 0;
          case ADVANCE_SLOT -> refused;
        };
  }

  private void inspect() throws SQLException {
    watch.firstStreaming().map(CapturePosition::committed).ifPresent(comparison::streamFrom);
    topics.read(
        (partition, change) -> {
          comparison.observed(partition, change);
          lastWords.take(partition, change, findings);
        });
    try (Connection connection = world.connect()) {
      comparison.committed(history.read(connection));
    }
    comparison.match();
    writers.behind(comparison.outstanding() > FAR_BEHIND);
  }

  /** Lets everything arrive, waits for what may come too often, and judges. */
  private void conclude() throws SQLException, InterruptedException {
    if (flowing) {
      settle();
      Thread.sleep(LATECOMERS);
    }
    inspect();
    comparison.complete();
    if (flowing || comparison.diverged()) {
      comparison.report(findings);
    } else if (!comparison.settled()) {
      troubles.add(
          "capture stands, and %,d changes have not come".formatted(comparison.outstanding()));
    }
    ChangeTopics.deadLetters(world.kafka())
        .forEach(
            (reason, count) ->
                findings.add(Findings.Kind.DEAD_LETTER, count + " because " + reason));
    if (findings.none() && comparison.settled()) {
      try (Connection connection = world.connect()) {
        lastWords.compare(connection, findings);
      }
    }
    if (comparison.changes() < plan.leastChanges()) {
      troubles.add(
          "only %,d changes were written, %,d are needed to prove anything"
              .formatted(comparison.changes(), plan.leastChanges()));
    }
  }

  private void settle() throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + SETTLING.toNanos();
    long moved = System.nanoTime();
    long before = -1;
    while (System.nanoTime() < deadline && System.nanoTime() - moved < STUCK.toNanos()) {
      inspect();
      comparison.complete();
      if (comparison.settled()) {
        return;
      }
      if (comparison.records() != before) {
        before = comparison.records();
        moved = System.nanoTime();
      }
      Thread.sleep(200);
    }
  }

  /** Ends whatever still runs. */
  void end() throws InterruptedException {
    try {
      writers.finish();
      watch.end();
      topics.close();
    } finally {
      world.close();
    }
  }
}
