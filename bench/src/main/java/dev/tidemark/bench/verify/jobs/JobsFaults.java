package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.system.JavaProcess;
import dev.tidemark.servers.EmbeddedPostgres18.StopMode;
import dev.tidemark.servers.Killable;
import dev.tidemark.servers.Server;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Does harm and repairs it: when it returns, everything has been started again. One thread. */
final class JobsFaults {
  private static final int LONGEST_ABSENCE_MILLIS = 2_000;

  /** Longer than the lease of a worker, and than a node may be silent among others. */
  private static final int FREEZE_MILLIS = 5_000;

  private static final int LONGEST_STEP_MILLIS = 20_000;
  private static final long BUSY_NANOS = 5_000_000_000L;
  private static final long OUTAGE_MILLIS = 130_000;

  private final JobsSystem system;
  private final Random random;
  private final List<Rescues.Kill> kills = new ArrayList<>();
  private final Predicate<String> busy;
  private int worker;
  private int ways;

  /**
   * @param busy whether a worker has something to lose
   */
  JobsFaults(JobsSystem system, Random random, Predicate<String> busy) {
    this.busy = busy;
    this.system = system;
    this.random = random;
  }

  List<Rescues.Kill> kills() {
    return kills;
  }

  /** Says in words what was done. */
  String inflict(JobsFault fault) throws InterruptedException {
    return switch (fault) {
      case WORKER -> worker();
      case NODE -> node();
      case BROKER -> server("broker", system.broker(), system.broker());
      case POSTGRES -> postgres();
      case CLOCK -> clock();
      case OUTAGE -> outage();
    };
  }

  /** Each way comes before one comes again. */
  private String worker() throws InterruptedException {
    worker = (worker + 1) % system.workerCount();
    JavaProcess process = system.worker(worker);
    String name = system.workerName(worker);
    awaitBusy(name);
    return switch (ways++ % 3) {
      case 0 -> {
        kills.add(new Rescues.Kill(name, Instant.now()));
        process.kill();
        Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
        system.startWorker(worker);
        yield name + " killed";
      }
      case 1 -> {
        int millis = FREEZE_MILLIS + random.nextInt(3_000);
        process.freeze();
        try {
          Thread.sleep(millis);
        } finally {
          process.thaw();
        }
        yield "%s paused for %.1f s".formatted(name, millis / 1_000.0);
      }
      default -> {
        process.stop();
        system.startWorker(worker);
        yield name + " stopped";
      }
    };
  }

  private void awaitBusy(String name) throws InterruptedException {
    long deadline = System.nanoTime() + BUSY_NANOS;
    while (!busy.test(name) && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
  }

  private String node() throws InterruptedException {
    int number = random.nextInt(JobsSystem.NODES);
    JavaProcess process = system.node(number);
    String name = "node " + (number + 1);
    return switch (random.nextInt(4)) {
      case 0 -> {
        int millis = FREEZE_MILLIS + random.nextInt(3_000);
        process.freeze();
        try {
          Thread.sleep(millis);
        } finally {
          process.thaw();
        }
        yield "%s paused for %.1f s".formatted(name, millis / 1_000.0);
      }
      case 1 -> {
        process.stop();
        system.startNode(number);
        yield name + " stopped, and joins again";
      }
      default -> {
        process.kill();
        Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
        system.startNode(number);
        yield name + " killed, and joins again";
      }
    };
  }

  private String postgres() throws InterruptedException {
    if (random.nextInt(3) == 0) {
      system.postgres().stop(StopMode.FAST);
      system.postgres().start();
      return "postgres restarted";
    }
    return server("postgres", system.postgres(), system.postgres());
  }

  private String server(String name, Killable killable, Server server) throws InterruptedException {
    if (random.nextInt(3) == 0) {
      int millis = 300 + random.nextInt(5_000);
      killable.freeze();
      try {
        Thread.sleep(millis);
      } finally {
        killable.thaw();
      }
      return "%s paused for %.1f s".formatted(name, millis / 1_000.0);
    }
    killable.kill();
    Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
    server.start();
    return name + " killed";
  }

  private String clock() {
    int number = random.nextInt(system.workerCount());
    int step = 2_000 + random.nextInt(LONGEST_STEP_MILLIS - 2_000);
    int offset = random.nextBoolean() ? step : -step;
    system.setClock(number, offset);
    return "clock of %s set %.1f s wrong".formatted(system.workerName(number), offset / 1_000.0);
  }

  private String outage() throws InterruptedException {
    for (int i = 0; i < JobsSystem.NODES; i++) {
      system.node(i).kill();
    }
    Thread.sleep(OUTAGE_MILLIS);
    for (int i = 0; i < JobsSystem.NODES; i++) {
      system.startNode(i);
    }
    return "both nodes killed for %d s".formatted(OUTAGE_MILLIS / 1_000);
  }
}
