package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.catalog.job.Pace;
import java.util.Arrays;

/**
 * How many have begun of late under a pace. Never are more begun than the pace says, in any stretch
 * of time as long as its own; for that it counts by slices of that time, of which the oldest counts
 * whole until all of it has passed. So up to a sixteenth of the pace may be lost, and nothing more
 * than seventeen numbers has to be remembered.
 *
 * @param length of a slice, in milliseconds
 * @param slice the number of the newest slice
 * @param begun how many began in each of the latest slices, the newest last
 */
public record Pacer(long length, long slice, int[] begun) {
  private static final int SLICES = 16;

  public Pacer {
    begun = begun.clone();
    if (begun.length != SLICES + 1) {
      throw new IllegalArgumentException(begun.length + " slices");
    }
  }

  /** Nothing has begun. */
  public static Pacer empty() {
    return new Pacer(0, 0, new int[SLICES + 1]);
  }

  @Override
  public int[] begun() {
    return begun.clone();
  }

  /** How many more may begin now. */
  public int room(Pace pace, long nowMillis) {
    return Math.max(0, pace.count() - sum(at(pace, nowMillis)));
  }

  /**
   * That so many begin now.
   *
   * @throws IllegalArgumentException if there is no room for them
   */
  public Pacer begin(Pace pace, long nowMillis, int count) {
    Pacer now = at(pace, nowMillis);
    if (count < 0 || sum(now) + count > pace.count()) {
      throw new IllegalArgumentException(count + " more than " + pace + " allows");
    }
    int[] begun = now.begun();
    begun[SLICES] += count;
    return new Pacer(now.length(), now.slice(), begun);
  }

  /**
   * When there will be room for one, if nothing begins until then.
   *
   * @return a moment, not before now
   */
  public long nextRoom(Pace pace, long nowMillis) {
    Pacer now = at(pace, nowMillis);
    int sum = sum(now);
    for (int i = 0; i <= SLICES; i++) {
      if (sum < pace.count()) {
        return i == 0 ? nowMillis : (now.slice() + i) * now.length();
      }
      sum -= now.begun[i];
    }
    return (now.slice() + SLICES + 1) * now.length();
  }

  /**
   * As of now. A clock that was set back does not give room: time stands still for it. If the pace
   * has become another, all of late counts as begun just now.
   */
  private Pacer at(Pace pace, long nowMillis) {
    long sliceLength = length(pace);
    long newest = Math.floorDiv(nowMillis, sliceLength);
    int[] moved = new int[SLICES + 1];
    if (sliceLength != length) {
      moved[SLICES] = Math.min(sum(this), pace.count());
      return new Pacer(sliceLength, newest, moved);
    }
    if (newest <= slice) {
      return this;
    }
    int by = (int) Math.min(SLICES + 1, newest - slice);
    System.arraycopy(begun, by, moved, 0, SLICES + 1 - by);
    return new Pacer(length, newest, moved);
  }

  /** Rounded up: slices that are too long let through fewer. */
  private static long length(Pace pace) {
    return Math.max(1, Math.ceilDiv(pace.per().toMillis(), SLICES));
  }

  private static int sum(Pacer pacer) {
    return Arrays.stream(pacer.begun).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pacer pacer
        && pacer.length == length
        && pacer.slice == slice
        && Arrays.equals(pacer.begun, begun);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(slice) ^ Arrays.hashCode(begun);
  }

  @Override
  public String toString() {
    return "Pacer[" + length + " ms, " + slice + ", " + Arrays.toString(begun) + "]";
  }
}
