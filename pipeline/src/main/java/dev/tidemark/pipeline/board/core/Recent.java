package dev.tidemark.pipeline.board.core;

import java.time.Duration;
import java.time.Instant;

/**
 * How the jobs of one queue have ended in the last five minutes, and how long they waited and took.
 * Durations are kept in classes that are 19 % apart. Not thread-safe.
 */
public final class Recent {
  /** How far it looks back. */
  public static final Duration SPAN = Duration.ofMinutes(5);

  private static final long SLOT_MILLIS = 5_000;
  private static final int SLOTS = 60;
  private static final int CLASSES = 128;
  private static final double PER_DOUBLING = 4;

  private final long[] slots = new long[SLOTS];
  private final int[] completed = new int[SLOTS];
  private final int[] failed = new int[SLOTS];
  private final int[][] waits = new int[SLOTS][CLASSES];
  private final int[][] runs = new int[SLOTS][CLASSES];

  /**
   * What has ended of late.
   *
   * @param completed how many were done
   * @param failed how many failed for good
   * @param waits from when they were due until they began
   * @param runs from when they began last until they ended
   */
  public record Figures(long completed, long failed, Percentiles waits, Percentiles runs) {}

  /**
   * How long things took, in milliseconds; each is the upper end of its class.
   *
   * @param count of how many
   */
  public record Percentiles(long count, double p50, double p95, double p99) {}

  /**
   * A job has ended.
   *
   * @param done whether it did its work
   * @param waited how long it waited from when it was due, if it was begun
   * @param ran how long it took, if it was begun
   */
  public void ended(Instant at, boolean done, Duration waited, Duration ran) {
    int slot = slot(at);
    if (slot < 0) {
      return;
    }
    if (done) {
      completed[slot]++;
    } else {
      failed[slot]++;
    }
    waits[slot][classOf(waited)]++;
    runs[slot][classOf(ran)]++;
  }

  /** The slot of a moment, emptied if it held an earlier one; -1 if that moment is too long ago. */
  private int slot(Instant at) {
    long number = at.toEpochMilli() / SLOT_MILLIS;
    int slot = (int) (number % SLOTS);
    if (slots[slot] > number) {
      return -1;
    }
    if (slots[slot] < number) {
      slots[slot] = number;
      completed[slot] = 0;
      failed[slot] = 0;
      waits[slot] = new int[CLASSES];
      runs[slot] = new int[CLASSES];
    }
    return slot;
  }

  private static int classOf(Duration duration) {
    double millis = Math.max(0, duration.toNanos() / 1e6);
    int of = (int) Math.ceil(PER_DOUBLING * Math.log(1 + millis) / Math.log(2));
    return Math.min(of, CLASSES - 1);
  }

  private static double upperEnd(int of) {
    return Math.pow(2, of / PER_DOUBLING) - 1;
  }

  /** What has ended in the time up to now. */
  public Figures figures(Instant now) {
    long newest = now.toEpochMilli() / SLOT_MILLIS;
    long done = 0;
    long not = 0;
    int[] waited = new int[CLASSES];
    int[] ran = new int[CLASSES];
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slots[slot] > newest - SLOTS && slots[slot] <= newest) {
        done += completed[slot];
        not += failed[slot];
        for (int i = 0; i < CLASSES; i++) {
          waited[i] += waits[slot][i];
          ran[i] += runs[slot][i];
        }
      }
    }
    return new Figures(done, not, percentiles(waited), percentiles(ran));
  }

  private static Percentiles percentiles(int[] classes) {
    long count = 0;
    for (int one : classes) {
      count += one;
    }
    return new Percentiles(
        count, at(classes, count, 0.5), at(classes, count, 0.95), at(classes, count, 0.99));
  }

  private static double at(int[] classes, long count, double part) {
    long rank = (long) Math.ceil(count * part);
    long seen = 0;
    for (int i = 0; i < CLASSES; i++) {
      seen += classes[i];
      if (seen >= rank && seen > 0) {
        return upperEnd(i);
      }
    }
    return 0;
  }
}
