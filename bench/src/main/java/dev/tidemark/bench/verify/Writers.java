package dev.tidemark.bench.verify;

import java.sql.SQLException;
import java.util.Optional;

/**
 * Writes all the time, on several connections: ordinary transactions, some that stay open for
 * seconds while others overtake them, and now and then one of tens of thousands of rows.
 */
final class Writers {
  private static final int ORDINARY = 3;
  private static final int LONG = 3;

  private final WriterThreads threads;
  private volatile boolean hugeWanted;
  private volatile boolean truncating;
  private volatile boolean behind;

  Writers(WriterThreads.Connections connections, long seed) {
    threads = new WriterThreads(connections, seed);
  }

  void start() {
    for (int i = 0; i < ORDINARY; i++) {
      threads.run("writer-" + i, i, this::ordinary);
    }
    for (int i = 0; i < LONG; i++) {
      threads.run("long-writer-" + i, 100 + i, this::longOpen);
    }
    threads.run("huge-writer", 200, this::huge);
  }

  /** Has one transaction of tens of thousands of rows written soon. */
  void wantHuge() {
    hugeWanted = true;
  }

  /**
   * From now on tables are truncated as well. Not while a snapshot is read: Postgres shows a
   * snapshot that is older than a truncate an empty table.
   */
  void truncateToo() {
    truncating = true;
  }

  /** Whether capture is so far behind that a slower pace is fair. */
  void behind(boolean far) {
    behind = far;
  }

  long deeds() {
    return threads.deeds();
  }

  /** What a writer could not explain. */
  Optional<Exception> failure() {
    return threads.failure();
  }

  private void ordinary(Session session) throws SQLException, InterruptedException {
    if (truncating) {
      Deeds.any(session);
    } else {
      Deeds.anyThatSnapshotsBear(session);
    }
    Thread.sleep(session.dice(behind ? 400 : 30));
  }

  private void longOpen(Session session) throws SQLException, InterruptedException {
    session.begin();
    for (int i = 2 + session.dice(12); i > 0 && !threads.closed(); i--) {
      int id = 500_000 + session.dice(100);
      session.update(
          "INSERT INTO item VALUES (?, 'long', 1, true, clock_timestamp()) ON CONFLICT (id)"
              + " DO UPDATE SET amount = item.amount + 1, changed_at = excluded.changed_at",
          id);
      if (session.chance(20)) {
        Deeds.single(session);
      }
      Thread.sleep(session.dice(400));
    }
    if (session.chance(20)) {
      session.rollback();
    } else {
      session.commit();
    }
  }

  private void huge(Session session) throws SQLException, InterruptedException {
    if (hugeWanted) {
      hugeWanted = false;
      Deeds.huge(session);
    }
    Thread.sleep(20);
  }

  /** Lets every writer finish what it is at. */
  void finish() throws InterruptedException {
    threads.finish();
  }
}
