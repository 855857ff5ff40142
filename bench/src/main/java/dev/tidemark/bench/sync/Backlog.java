package dev.tidemark.bench.sync;

import dev.tidemark.bench.system.SyncSystem;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A device that was offline for long: thousands of operations, one row each, a tenth of them on
 * rows that somebody else has changed meanwhile.
 */
record Backlog(int operations, int conflicts, Duration took) {
  private static final int BATCH = 1_000;
  private static final int CONFLICT_EVERY = 10;

  static Backlog measured(SyncSystem system, BenchDevice device, int operations) throws Exception {
    long[] entries = LongStream.rangeClosed(1, operations).toArray();
    Instant offline = Instant.now();
    // Time alone tells who was first, so it has to pass.
    Thread.sleep(20);
    change(system);
    Thread.sleep(1_000);
    long begun = System.nanoTime();
    int conflicts = 0;
    for (int first = 0; first < operations; first += BATCH) {
      conflicts +=
          device.send(
              Arrays.copyOfRange(entries, first, Math.min(operations, first + BATCH)), offline);
    }
    return new Backlog(operations, conflicts, Duration.ofNanos(System.nanoTime() - begun));
  }

  private static void change(SyncSystem system) throws SQLException {
    try (Connection connection = system.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update bench.entries set title = 'psql' where id % " + CONFLICT_EVERY + " = 0");
    }
  }
}
