package dev.tidemark.bench.pull;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** When the numbered writes of one load were sent and committed. Thread-safe. */
final class Writes {
  private static final AtomicLong NEXT = new AtomicLong(1);

  private final long first;
  private final AtomicLongArray sent;
  private final AtomicLongArray committed;
  private final AtomicInteger begun = new AtomicInteger();

  Writes(int most) {
    // What is still on its way from a load before must not be taken for one of these.
    first = NEXT.getAndAdd(most);
    sent = new AtomicLongArray(most);
    committed = new AtomicLongArray(most);
  }

  /** A write is about to be sent; returns its number. */
  long begin() {
    int index = begun.getAndIncrement();
    sent.set(index, System.nanoTime());
    return first + index;
  }

  /** Its commit has returned. */
  void done(long number) {
    committed.set(index(number), System.nanoTime());
  }

  int count() {
    return begun.get();
  }

  int most() {
    return sent.length();
  }

  /** Which one it is; -1 if none of these. */
  int index(long number) {
    long index = number - first;
    return index >= 0 && index < sent.length() ? (int) index : -1;
  }

  long sentNanos(int index) {
    return sent.get(index);
  }

  /** 0 as long as the commit has not returned. */
  long committedNanos(int index) {
    return committed.get(index);
  }
}
