package dev.tidemark.bench.capture;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Which rows have arrived, and when. Times are those of the machine's monotonic clock. */
final class Sightings {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Long, Long> single = new HashMap<>();
  private final BitSet drained = new BitSet();
  private int pass = -1;
  private int drainedRows;
  private Span drain = Span.NONE;
  private long repeated;

  /** When the first and the last row of a drain were seen. */
  record Span(long first, long last) {
    static final Span NONE = new Span(0, 0);
  }

  /** Forgets all drained rows and waits for those of another drain. */
  void expect(int newPass) {
    lock.lock();
    try {
      pass = newPass;
      drained.clear();
      drainedRows = 0;
      repeated = 0;
    } finally {
      lock.unlock();
    }
  }

  void saw(long id, long at) {
    lock.lock();
    try {
      if (id < Workload.PASS_STRIDE) {
        single.putIfAbsent(id, at);
        changed.signalAll();
      } else if (id / Workload.PASS_STRIDE == pass) {
        int row = (int) (id % Workload.PASS_STRIDE);
        if (drained.get(row)) {
          repeated++;
        } else {
          drained.set(row);
          drainedRows++;
          drain = new Span(drainedRows == 1 ? at : drain.first(), at);
        }
        // Whoever waits looks from time to time: a signal per row would be part of the measurement.
      }
    } finally {
      lock.unlock();
    }
  }

  /** So many rows of the present drain have been seen by the contender itself. */
  void drained(int rows, Span span) {
    lock.lock();
    try {
      drainedRows = rows;
      drain = span;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all rows of the drain are there. */
  Span awaitDrained(int rows, Duration patience) throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + patience.toNanos();
    lock.lock();
    try {
      while (drainedRows < rows) {
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("only " + drainedRows + " of " + rows + " rows arrived");
        }
        changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      return drain;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a row that was written alone; returns when it was seen. */
  long awaitSingle(long id, Duration patience) throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + patience.toNanos();
    lock.lock();
    try {
      while (true) {
        Long at = single.get(id);
        if (at != null) {
          return at;
        }
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("row " + id + " did not arrive");
        }
        changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many rows of the present drain came more than once. */
  long repeated() {
    lock.lock();
    try {
      return repeated;
    } finally {
      lock.unlock();
    }
  }
}
