package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.pipeline.jobs.core.JobTable.Waiting;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The first ones of a line. Whoever was first in the store leaves a trace there until it is
 * compacted: to look for the first one each time costs more than all the rest. Not thread-safe.
 */
final class Front {
  private static final int MOST = 1_024;

  /** All that stand in the line up to the last one that was known; those behind are not here. */
  private final TreeSet<Waiting> known = new TreeSet<>();

  /** The last one that was known, whether it still stands there or not. */
  private @Nullable Waiting last;

  /** Whether there is nobody else in the line. */
  private boolean whole;

  void stand(Waiting one) {
    Waiting end = last;
    if (!whole && (end == null || one.compareTo(end) > 0)) {
      return;
    }
    known.add(one);
    if (known.size() > MOST) {
      known.pollLast();
      whole = false;
      last = known.last();
    }
  }

  void leave(Waiting one) {
    known.remove(one);
  }

  /** Whether one has to read on to know who is first. */
  boolean isUsedUp() {
    return known.isEmpty() && !whole;
  }

  @Nullable Waiting first() {
    return known.isEmpty() ? null : known.first();
  }

  /** Whom one has to read on behind, or from; null if from the beginning. */
  @Nullable Waiting last() {
    return last;
  }

  /**
   * Those that come next.
   *
   * @param all whether there is nobody behind them
   */
  void read(List<Waiting> next, boolean all) {
    known.addAll(next);
    whole = all;
    if (!next.isEmpty()) {
      last = next.getLast();
    }
  }
}
