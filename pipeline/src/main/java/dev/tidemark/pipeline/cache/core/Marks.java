package dev.tidemark.pipeline.cache.core;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which transactions made which targets untrue of late. An answer that was read in a snapshot which
 * does not show one of them came too late and is not kept.
 *
 * <p>A mark may go once no reader can still hold such a snapshot: when it is older than the longest
 * fetch, and a snapshot that old already showed its transaction. Until then a commit may wait in
 * the log, visible to nobody, for a standby's word. Not thread-safe.
 */
public final class Marks {
  private static final int MOST_EACH = 32;

  private final int most;
  // In the order in which they were last marked.
  private final Map<String, Mark> marks = new LinkedHashMap<>(16, 0.75f, false);
  private long floor;
  private long floorMillis;

  /** The transactions of one target. */
  private record Mark(long[] transactions, long floor, long millis) {
    Mark with(long transaction, long now) {
      for (long known : transactions) {
        if (known == transaction) {
          return new Mark(transactions, floor, now);
        }
      }
      if (transactions.length < MOST_EACH) {
        long[] more = Arrays.copyOf(transactions, transactions.length + 1);
        more[transactions.length] = transaction;
        return new Mark(more, floor, now);
      }
      long[] shifted = Arrays.copyOfRange(transactions, 1, transactions.length + 1);
      shifted[transactions.length - 1] = transaction;
      return new Mark(shifted, later(floor, transactions[0]), now);
    }

    boolean allows(Sight sight) {
      for (long transaction : transactions) {
        if (!sight.shows(transaction)) {
          return false;
        }
      }
      return floor == 0 || sight.showsAllUpTo(floor);
    }
  }

  /**
   * No marks yet.
   *
   * @param most how many targets are told apart; beyond, the oldest count for all
   */
  public Marks(int most) {
    this.most = most;
  }

  /** Takes note that a transaction made a target untrue. */
  public void add(String target, long transaction, long nowMillis) {
    Mark known = marks.remove(target);
    marks.put(
        target,
        known == null
            ? new Mark(new long[] {transaction}, 0, nowMillis)
            : known.with(transaction, nowMillis));
    if (marks.size() > most) {
      Iterator<Mark> oldest = marks.values().iterator();
      Mark dropped = oldest.next();
      oldest.remove();
      for (long one : dropped.transactions()) {
        floor = later(floor, one);
      }
      floor = later(floor, dropped.floor());
      floorMillis = nowMillis;
    }
  }

  /** Whether what was read in a snapshot may be kept, given what it depends on. */
  public boolean allow(Sight sight, String key, Collection<String> others) {
    if (floor != 0 && !sight.showsAllUpTo(floor)) {
      return false;
    }
    if (!allows(key, sight)) {
      return false;
    }
    for (String other : others) {
      if (!allows(other, sight)) {
        return false;
      }
    }
    return true;
  }

  private boolean allows(String target, Sight sight) {
    Mark mark = marks.get(target);
    return mark == null || mark.allows(sight);
  }

  /**
   * Forgets what nobody can come too late for any more.
   *
   * @param beforeMillis marks from before this moment may go
   * @param settled a snapshot that was taken by then
   */
  public void forget(long beforeMillis, Sight settled) {
    Iterator<Mark> all = marks.values().iterator();
    while (all.hasNext()) {
      Mark mark = all.next();
      if (mark.millis() >= beforeMillis) {
        break;
      }
      if (mark.allows(settled)) {
        all.remove();
      }
    }
    if (floor != 0 && floorMillis < beforeMillis && settled.showsAllUpTo(floor)) {
      floor = 0;
    }
  }

  public int size() {
    return marks.size();
  }

  /** Of two transactions the later one, on the circle of 32 bits. */
  private static long later(long one, long other) {
    if (one == 0) {
      return other;
    }
    return other == 0 || (int) (one - other) > 0 ? one : other;
  }
}
