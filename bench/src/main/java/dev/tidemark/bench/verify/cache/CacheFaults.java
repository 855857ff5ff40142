package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.system.JavaProcess;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.servers.EmbeddedPostgres18.StopMode;
import dev.tidemark.servers.Killable;
import dev.tidemark.servers.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Does harm and repairs it: when it returns, everything has been started again. One thread. */
final class CacheFaults {
  /** Longer than the cache trusts itself without proof. */
  private static final int LONG_FREEZE_MILLIS = 7_000;

  private static final int LONGEST_ABSENCE_MILLIS = 2_000;
  private static final int LONGEST_GAP_MILLIS = 2_500;

  private final SyncSystem system;
  private final Random random;
  private final RedisFaults redis;

  CacheFaults(SyncSystem system, Random random) {
    this.system = system;
    this.random = random;
    this.redis = new RedisFaults(system, random);
  }

  /** Says in words what was done. */
  String inflict(CacheFault fault) throws InterruptedException, SQLException {
    return switch (fault) {
      case REDIS -> redis.any();
      case BROKER -> server("broker", system.broker(), system.broker());
      case NODE -> node();
      case CONNECTORS -> connectors();
      case POSTGRES -> postgres();
      case GAP -> gap();
    };
  }

  private String node() throws InterruptedException {
    int number = random.nextInt(system.nodeCount());
    JavaProcess process = running(system.node(number));
    String name = "node " + (number + 1);
    return switch (random.nextInt(3)) {
      case 0 -> frozen(name, 500 + random.nextInt(2_000), process::freeze, process::thaw);
      case 1 ->
          frozen(name, LONG_FREEZE_MILLIS + random.nextInt(2_000), process::freeze, process::thaw);
      default -> {
        process.kill();
        Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
        system.startNode(number);
        yield name + " killed";
      }
    };
  }

  private String connectors() throws InterruptedException {
    JavaProcess process = running(system.connectors());
    if (random.nextInt(3) == 0) {
      return frozen(
          "connectors", 2_000 + random.nextInt(LONG_FREEZE_MILLIS), process::freeze, process::thaw);
    }
    process.kill();
    Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
    system.startConnectors();
    return "connectors killed";
  }

  private String postgres() throws InterruptedException {
    switch (random.nextInt(4)) {
      case 0 -> system.postgres().stop(StopMode.FAST);
      case 1 -> system.postgres().stop(StopMode.IMMEDIATE);
      default -> {
        return server("postgres", system.postgres(), system.postgres());
      }
    }
    Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
    system.postgres().start();
    return "postgres restarted";
  }

  /**
   * Commits wait for a standby that does not exist: they are in the log, and decoded, while no
   * snapshot shows them. In the end some are let go one by one, and some lose their connection.
   */
  private String gap() throws SQLException, InterruptedException {
    int millis = 300 + random.nextInt(LONGEST_GAP_MILLIS);
    try (Connection connection = system.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("alter system set synchronous_standby_names = 'nobody'");
      statement.execute("select pg_reload_conf()");
      Thread.sleep(millis);
      String waiting = " from pg_stat_activity where wait_event = 'SyncRep' and random() < 0.5";
      String how = "";
      switch (random.nextInt(3)) {
        case 0 -> {
          statement.execute("select pg_cancel_backend(pid)" + waiting);
          how = ", some given up";
        }
        case 1 -> {
          statement.execute("select pg_terminate_backend(pid)" + waiting);
          how = ", some cut off";
        }
        default -> {}
      }
      statement.execute("alter system reset synchronous_standby_names");
      statement.execute("select pg_reload_conf()");
      return "commits unseen for %.1f s%s".formatted(millis / 1e3, how);
    }
  }

  private String server(String name, Killable killable, Server server) throws InterruptedException {
    if (random.nextInt(3) == 0) {
      return frozen(
          name, 1_000 + random.nextInt(LONG_FREEZE_MILLIS), killable::freeze, killable::thaw);
    }
    killable.kill();
    Thread.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
    server.start();
    return name + " killed";
  }

  private static String frozen(String name, int millis, Runnable freeze, Runnable thaw)
      throws InterruptedException {
    freeze.run();
    try {
      Thread.sleep(millis);
    } finally {
      thaw.run();
    }
    return "%s paused for %.1f s".formatted(name, millis / 1e3);
  }

  private static JavaProcess running(@Nullable JavaProcess process) {
    if (process == null) {
      throw new IllegalStateException("it was never started");
    }
    return process;
  }
}
