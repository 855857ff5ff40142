package dev.tidemark.bench.verify.sync;

import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.WriterThreads;
import dev.tidemark.bench.verify.sync.readers.Settlements;
import dev.tidemark.contract.sync.Permission;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** All who write: devices through the api, and psql sessions past it. */
final class Crowd implements AutoCloseable {
  private static final int SESSIONS = 3;
  private static final int MOVERS = 3;
  private static final int REST_MILLIS = 40;
  private static final Duration POLL = Duration.ofMillis(20);

  private final Correspondence letters = new Correspondence();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Door> doors = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final List<Thread> running = new ArrayList<>();
  private final WriterThreads sessions;

  /** Held by all who write, each while it writes, and by whoever wants nobody to. */
  private final ReentrantReadWriteLock writing = new ReentrantReadWriteLock(true);

  Crowd(SyncSystem system, int count, long seed, Settlements settlements) {
    for (int i = 0; i < system.nodeCount(); i++) {
      doors.add(new Door(system.url(i)));
    }
    for (int i = 0; i < count; i++) {
      String name = "device-" + i;
      String owner = owner(name);
      devices.add(
          new Device(
              name,
              owner,
              system.tokens().device(name, List.of("owner/" + owner)),
              doors,
              new Random(seed * 1_000 + 500 + i),
              letters,
              threads,
              writing.readLock(),
              settlements));
    }
    sessions =
        new WriterThreads(
            () -> {
              Connection connection = system.connect();
              try (Statement statement = connection.createStatement()) {
                statement.execute("SET application_name = '" + Tables.PSQL + "'");
              }
              return connection;
            },
            seed);
  }

  private static String owner(String device) {
    int number = Integer.parseInt(device.substring(device.indexOf('-') + 1));
    return Tables.OWNERS.get(number % Tables.OWNERS.size());
  }

  /** What a device may see and write. */
  static Permission permission(String device) {
    return Permission.of(Set.of("owner/" + owner(device)));
  }

  void start() {
    for (int i = 0; i < SESSIONS; i++) {
      sessions.run(
          "psql-" + i,
          i,
          session -> {
            writing(() -> Deeds.any(session));
            Thread.sleep(session.dice(REST_MILLIS));
          });
    }
    for (int i = 0; i < MOVERS; i++) {
      sessions.run(
          "mover-" + i,
          SESSIONS + i,
          session -> {
            writing(() -> Crates.any(session));
            Thread.sleep(session.dice(4 * REST_MILLIS));
          });
    }
    devices.forEach(device -> running.add(Thread.ofVirtual().start(device)));
  }

  private interface Writing {
    void go() throws SQLException, InterruptedException;
  }

  private void writing(Writing deed) throws SQLException, InterruptedException {
    writing.readLock().lockInterruptibly();
    try {
      deed.go();
    } finally {
      writing.readLock().unlock();
    }
  }

  /** What is done while nobody writes. */
  interface Quietly {
    void go() throws SQLException, InterruptedException;
  }

  /**
   * Does something while nobody writes, as soon as all batches that are on their way are settled.
   *
   * @param meanwhile what is done again and again while it waits
   * @return whether it came to that
   */
  boolean quiet(Duration patience, Runnable meanwhile, Quietly what)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!writing.writeLock().tryLock(200, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      meanwhile.run();
    }
    try {
      what.go();
      return true;
    } finally {
      writing.writeLock().unlock();
    }
  }

  List<Door> doors() {
    return doors;
  }

  Correspondence letters() {
    return letters;
  }

  /**
   * Waits until everything that was sent before a moment is settled.
   *
   * @param moment by the machine's clock
   * @param meanwhile what is done again and again while it waits
   * @return when it was; empty if it is not
   */
  Optional<Long> awaitSettled(long moment, Duration patience, Runnable meanwhile)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (devices.stream().anyMatch(device -> waitsSince(device, moment))) {
      if (System.nanoTime() > deadline) {
        return Optional.empty();
      }
      meanwhile.run();
      Thread.sleep(POLL);
    }
    return Optional.of(System.nanoTime());
  }

  private static boolean waitsSince(Device device, long moment) {
    long since = device.pendingSince();
    return since != 0 && since - moment < 0;
  }

  /** Lets everybody finish what he is at; says whether all could. */
  boolean finish(Duration patience) throws InterruptedException {
    devices.forEach(Device::finish);
    sessions.finish();
    sessions.failure().ifPresent(e -> letters.trouble("a session failed: " + e));
    long deadline = System.nanoTime() + patience.toNanos();
    boolean all = true;
    for (Thread thread : running) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      all &= thread.join(Duration.ofMillis(left));
    }
    return all;
  }

  @Override
  public void close() {
    running.forEach(Thread::interrupt);
    threads.shutdownNow();
    doors.forEach(Door::close);
  }
}
