package dev.tidemark.bench.verify;

import dev.tidemark.connectors.capture.CaptureHealth.State;
import dev.tidemark.contract.CapturePosition;
import dev.tidemark.servers.EmbeddedPostgres18.StopMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** Does harm, and sees to it that changes flow again. One thread. */
final class Faults {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long PART_OF_LARGE = 2_000;
  private static final Duration MID_TRANSACTION = Duration.ofSeconds(10);

  private final World world;
  private final Writers writers;
  private final PositionWatch watch;
  private final Random random;

  /**
   * A fault that is over.
   *
   * @param what in words
   * @param recovery from the last harm, or from when the server was back, to the first changes that
   *     were committed to Kafka after it
   * @param ofCapture whether a capture was killed and started again
   */
  record Survived(String what, Duration recovery, boolean ofCapture) {}

  /** Changes do not flow again. */
  static final class NotSurvived extends Exception {
    private static final long serialVersionUID = 1;

    NotSurvived(String message) {
      super(message);
    }
  }

  Faults(World world, Writers writers, PositionWatch watch, Random random) {
    this.world = world;
    this.writers = writers;
    this.watch = watch;
    this.random = random;
  }

  Survived inflict(Fault fault) throws InterruptedException, SQLException, NotSurvived {
    return switch (fault) {
      case CAPTURE -> capture();
      case BROKER -> broker();
      case POSTGRES -> postgres();
      case STANDBY -> standby();
    };
  }

  private Survived capture() throws InterruptedException, NotSurvived {
    return switch (random.nextInt(6)) {
      case 0, 1 -> {
        world.kill(world.capture());
        yield started("capture killed");
      }
      case 2 -> {
        world.kill(world.capture());
        RunningCapture next = world.startCapture(batch());
        Thread.sleep(random.nextInt(1_000));
        world.kill(next);
        yield started("capture killed twice within a second");
      }
      case 3 -> {
        world.kill(world.capture());
        long begun = System.currentTimeMillis();
        RunningCapture next = world.startCapture(batch());
        if (random.nextBoolean()) {
          watch.awaitStreaming(begun, PATIENCE);
        } else {
          next.await(state -> state == State.STREAMING, PATIENCE);
        }
        Thread.sleep(random.nextInt(100));
        world.kill(next);
        yield started("capture killed, and again while it replayed");
      }
      case 4 -> {
        world.stop(world.capture());
        yield started("capture stopped");
      }
      default -> {
        boolean amid = awaitMidTransaction(MID_TRANSACTION);
        world.kill(world.capture());
        yield started(amid ? "capture killed amid a large transaction" : "capture killed");
      }
    };
  }

  /** Waits until a large transaction is sent in part; says whether one was. */
  boolean awaitMidTransaction(Duration patience) throws InterruptedException {
    long before = watch.latest().map(CapturePosition::transaction).orElse(0L);
    writers.wantHuge();
    return watch
        .await(
            seen ->
                seen.position().transaction() != before
                    && seen.position().sequence() > PART_OF_LARGE,
            patience)
        .isPresent();
  }

  Survived started(String what) throws InterruptedException, NotSurvived {
    long nanos = System.nanoTime();
    long now = System.currentTimeMillis();
    world.startCapture(batch());
    return new Survived(what, streaming(now, nanos), true);
  }

  private Survived broker() throws InterruptedException, NotSurvived {
    String what;
    switch (random.nextInt(3)) {
      case 0 -> {
        world.broker().kill();
        what = "broker killed";
      }
      case 1 -> {
        world.broker().kill();
        Thread.sleep(random.nextInt(3_000));
        what = "broker killed and away for a while";
      }
      default -> {
        world.broker().stop();
        what = "broker restarted";
      }
    }
    world.broker().start();
    return new Survived(what, streaming(System.currentTimeMillis(), System.nanoTime()), false);
  }

  private Survived postgres() throws InterruptedException, NotSurvived {
    String what;
    switch (random.nextInt(3)) {
      case 0 -> {
        world.postgres().stop(StopMode.FAST);
        what = "postgres restarted";
      }
      case 1 -> {
        world.postgres().stop(StopMode.IMMEDIATE);
        what = "postgres stopped as in a crash";
      }
      default -> {
        world.postgres().kill();
        what = "postgres killed";
      }
    }
    world.postgres().start();
    return new Survived(what, streaming(System.currentTimeMillis(), System.nanoTime()), false);
  }

  private Survived standby() throws InterruptedException, SQLException, NotSurvived {
    RunningCapture leader = world.capture();
    RunningCapture second = world.startCapture(batch());
    if (!second.await(state -> state == State.STANDBY, PATIENCE)) {
      throw new NotSurvived("the second capture does not stand by: " + second.detail());
    }
    Thread.sleep(random.nextInt(1_000));
    if (random.nextInt(3) > 0) {
      long nanos = System.nanoTime();
      long now = System.currentTimeMillis();
      world.kill(leader);
      return new Survived("leader killed, standby takes over", streaming(now, nanos), false);
    }
    long nanos = System.nanoTime();
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
    }
    // Both may believe for a moment that they lead; the one that stays must be the other one.
    if (!second.await(state -> state == State.STREAMING, PATIENCE)) {
      if (leader.state() != State.STREAMING) {
        throw new NotSurvived("nobody leads: " + leader.detail() + "; " + second.detail());
      }
      world.kill(second);
      long now = System.currentTimeMillis();
      return new Survived("leader lost its lock and took it again", streaming(now, nanos), false);
    }
    long now = System.currentTimeMillis();
    Duration recovery = streaming(now, nanos);
    world.kill(leader);
    return new Survived("leader lost its lock, standby takes over", recovery, false);
  }

  private Duration streaming(long after, long nanos) throws InterruptedException, NotSurvived {
    Optional<PositionWatch.Seen> seen = watch.awaitStreaming(after, PATIENCE);
    if (seen.isEmpty()) {
      RunningCapture capture = world.capture();
      throw new NotSurvived(
          "nothing has come through for %d s; capture %s: %s %s"
              .formatted(
                  PATIENCE.toSeconds(),
                  capture.isAlive() ? "lives" : "is dead",
                  capture.state(),
                  capture.detail()));
    }
    return Duration.ofNanos(seen.get().nanos() - nanos);
  }

  private int batch() {
    return switch (random.nextInt(3)) {
      case 0 -> 7 + random.nextInt(60);
      case 1 -> 512;
      default -> 4096;
    };
  }
}
