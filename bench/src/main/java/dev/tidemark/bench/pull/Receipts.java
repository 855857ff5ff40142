package dev.tidemark.bench.pull;

import dev.tidemark.bench.system.Latency;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/**
 * When writes were received by those who hear them all through one thread. Whatever is received
 * before its commit has returned to the writer counts as 0.
 */
final class Receipts {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Writes writes;
  private final Histogram sinceSent = new Histogram(3);
  private final Histogram sinceCommit = new Histogram(3);
  private final AtomicLong received = new AtomicLong();
  private final AtomicLongArray firstNanos;
  private final AtomicLongArray lastNanos;
  private final AtomicLongArray counts;

  Receipts(Writes writes) {
    this.writes = writes;
    firstNanos = new AtomicLongArray(writes.most());
    lastNanos = new AtomicLongArray(writes.most());
    counts = new AtomicLongArray(writes.most());
  }

  /** A mark was read. */
  void heard(long number, long nanos) {
    int index = writes.index(number);
    if (index < 0) {
      return;
    }
    long committed = writes.committedNanos(index);
    sinceSent.recordValue(Math.max(0, nanos - writes.sentNanos(index)) / 1_000);
    sinceCommit.recordValue(committed == 0 ? 0 : Math.max(0, nanos - committed) / 1_000);
    if (counts.incrementAndGet(index) == 1) {
      firstNanos.set(index, nanos);
    }
    lastNanos.set(index, nanos);
    received.incrementAndGet();
  }

  /** Waits for what is still on its way, though not for what never comes; returns how many came. */
  long await(long expected) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (received.get() < expected && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
    return received.get();
  }

  /** Whether so many have received a write. */
  boolean isHeardBy(int index, long listeners) {
    return counts.get(index) >= listeners;
  }

  long firstNanos(int index) {
    return firstNanos.get(index);
  }

  long lastNanos(int index) {
    return lastNanos.get(index);
  }

  /** From the statement's sending; to be asked when all have come. */
  Latency sinceSent() {
    return Latency.of(sinceSent);
  }

  /** From the commit's return; to be asked when all have come. */
  Latency sinceCommit() {
    return Latency.of(sinceCommit);
  }
}
