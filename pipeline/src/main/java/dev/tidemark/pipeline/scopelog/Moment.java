package dev.tidemark.pipeline.scopelog;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Snapshot;

/** The log as it was at one moment, for all who look at it; let go when nobody does. */
final class Moment {
  private final RocksDB db;
  private final Snapshot snapshot;
  private int users = 1;

  Moment(RocksDB db) {
    this.db = db;
    this.snapshot = db.getSnapshot();
  }

  /**
   * Joins those who look at it.
   *
   * @return false if it has been let go
   */
  synchronized boolean join() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  synchronized void leave() {
    users--;
    if (users == 0) {
      db.releaseSnapshot(snapshot);
      snapshot.close();
    }
  }

  /** Reads what there was then; to be closed. */
  ReadOptions options() {
    return new ReadOptions().setSnapshot(snapshot);
  }
}
