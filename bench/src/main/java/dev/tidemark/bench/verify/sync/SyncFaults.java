package dev.tidemark.bench.verify.sync;

import dev.tidemark.bench.system.JavaProcess;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.servers.EmbeddedPostgres18.StopMode;
import dev.tidemark.servers.Killable;
import dev.tidemark.servers.Server;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Does harm and repairs it: when it returns, everything has been started again. One thread. */
final class SyncFaults {
  private static final int LONGEST_FREEZE_MILLIS = 6_000;
  private static final int LONGEST_ABSENCE_MILLIS = 2_000;

  private final SyncSystem system;
  private final Random random;

  SyncFaults(SyncSystem system, Random random) {
    this.system = system;
    this.random = random;
  }

  /** Says in words what was done. */
  String inflict(SyncFault fault) throws InterruptedException {
    return switch (fault) {
      case CONNECTORS -> connectors();
      case NODE -> node();
      case BROKER -> server("broker", system.broker(), system.broker());
      case POSTGRES -> postgres();
      case REDIS -> server("redis", system.redis(), system.redis());
    };
  }

  private String connectors() throws InterruptedException {
    JavaProcess process = running(system.connectors());
    return switch (random.nextInt(5)) {
      case 0 -> frozen("connectors", process::freeze, process::thaw);
      case 1 -> {
        process.stop();
        system.startConnectors();
        yield "connectors stopped";
      }
      case 2 -> {
        process.kill();
        system.startConnectors();
        Thread.sleep(random.nextInt(3_000));
        running(system.connectors()).kill();
        system.startConnectors();
        yield "connectors killed, and again while they started";
      }
      default -> {
        process.kill();
        Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
        system.startConnectors();
        yield "connectors killed";
      }
    };
  }

  private String node() throws InterruptedException {
    int number = random.nextInt(system.nodeCount());
    JavaProcess process = running(system.node(number));
    String name = "node " + (number + 1);
    return switch (random.nextInt(4)) {
      case 0 -> frozen(name, process::freeze, process::thaw);
      case 1 -> {
        process.stop();
        system.startNode(number);
        yield name + " stopped";
      }
      default -> {
        process.kill();
        Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
        system.startNode(number);
        yield name + " killed";
      }
    };
  }

  private String postgres() throws InterruptedException {
    switch (random.nextInt(4)) {
      case 0 -> system.postgres().stop(StopMode.FAST);
      case 1 -> system.postgres().stop(StopMode.IMMEDIATE);
      default -> {
        return server("postgres", system.postgres(), system.postgres());
      }
    }
    system.postgres().start();
    return "postgres restarted";
  }

  private String server(String name, Killable killable, Server server) throws InterruptedException {
    if (random.nextInt(3) == 0) {
      return frozen(name, killable::freeze, killable::thaw);
    }
    killable.kill();
    Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
    server.start();
    return name + " killed";
  }

  private String frozen(String name, Runnable freeze, Runnable thaw) throws InterruptedException {
    int millis = 300 + random.nextInt(LONGEST_FREEZE_MILLIS);
    freeze.run();
    try {
      Thread.sleep(millis);
    } finally {
      thaw.run();
    }
    return "%s paused for %.1f s".formatted(name, millis / 1_000.0);
  }

  private static JavaProcess running(@Nullable JavaProcess process) {
    if (process == null) {
      throw new IllegalStateException("it was never started");
    }
    return process;
  }
}
