package dev.tidemark.pipeline.cache.core;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What a database snapshot shows, as {@code pg_current_snapshot()} prints it: {@code
 * xmin:xmax:xip,xip}. A transaction is in it if it had ended when the snapshot was taken, which no
 * position in the log can tell: for a moment the log has a commit that snapshots do not show.
 *
 * <p>Transactions come from the log with 32 bits; they are taken for the nearest to the snapshot,
 * as Postgres does.
 */
public final class Sight {
  private static final long CYCLE = 1L << 32;
  private static final int MOST_RUNNING = 64;

  private final long oldest;
  private final long next;
  private final Set<Long> running;

  private Sight(long oldest, long next, Set<Long> running) {
    this.oldest = oldest;
    this.next = next;
    this.running = running;
  }

  /** Reads the text of a snapshot. */
  public static Sight parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'" + text + "' is not a snapshot");
    }
    try {
      long oldest = Long.parseLong(parts[0]);
      long next = Long.parseLong(parts[1]);
      Set<Long> running = new HashSet<>();
      if (!parts[2].isEmpty()) {
        for (String one : parts[2].split(",", -1)) {
          running.add(Long.parseLong(one));
        }
      }
      if (oldest < 1 || next < oldest) {
        throw new IllegalArgumentException("'" + text + "' is not a snapshot");
      }
      // Of very many that run, only those before the oldest are told apart: it shows less than it
      // could, never more.
      return running.size() > MOST_RUNNING
          ? new Sight(oldest, oldest, Set.of())
          : new Sight(oldest, next, running);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a snapshot", e);
    }
  }

  /** Whether what a transaction did is in the snapshot. 0, a transaction nobody knows, never is. */
  public boolean shows(long transaction) {
    if (transaction == 0) {
      return false;
    }
    long id = widen(transaction);
    return id < oldest || (id < next && !running.contains(id));
  }

  /** Whether everything up to a transaction is in the snapshot, whichever ran beside it. */
  public boolean showsAllUpTo(long transaction) {
    return widen(transaction) < oldest;
  }

  /** The text again; of very many that run, a snapshot that shows less. */
  public String text() {
    StringBuilder text = new StringBuilder().append(oldest).append(':').append(next).append(':');
    long[] sorted = running.stream().mapToLong(Long::longValue).sorted().toArray();
    for (int i = 0; i < sorted.length; i++) {
      text.append(i == 0 ? "" : ",").append(sorted[i]);
    }
    return text.toString();
  }

  /** The next transaction's id. */
  public long next() {
    return next;
  }

  private long widen(long transaction) {
    long id = (next & -CYCLE) | (transaction & (CYCLE - 1));
    if (id - next > CYCLE / 2) {
      return id - CYCLE;
    }
    return next - id > CYCLE / 2 ? id + CYCLE : id;
  }

  @Override
  public String toString() {
    return text();
  }

  /** Which of these transactions the snapshot does not show. */
  public long[] hidden(long[] transactions) {
    return Arrays.stream(transactions).filter(transaction -> !shows(transaction)).toArray();
  }
}
