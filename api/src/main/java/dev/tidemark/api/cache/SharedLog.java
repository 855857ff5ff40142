package dev.tidemark.api.cache;

import dev.tidemark.contract.Invalidation;
import dev.tidemark.pipeline.cache.core.Sight;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The shared tier as the one that has to be told of invalidations. How far it has been told is kept
 * in it, changed in one step with what it was told: so it may lose its last moments, be replaced or
 * be told by several nodes at once, and still nothing is left out.
 */
public interface SharedLog {
  /** The tier does not answer. */
  final class Away extends Exception {
    private static final long serialVersionUID = 1L;

    public Away(String why, Throwable cause) {
      super(why, cause);
    }
  }

  /** What became of a batch. */
  sealed interface Applied {
    /** The tier has been told everything before this position. */
    record UpTo(long position) implements Applied {}

    /** The tier has not been told what comes before the batch. */
    record Behind() implements Applied {}

    /** The tier does not know of this log. */
    record Lost() implements Applied {}
  }

  /** An invalidation and where it stands in its partition. */
  record Placed(long offset, Invalidation invalidation) {}

  /**
   * Where the tier has to be told on from. One that knows of no such log forgets all its answers.
   *
   * @param log names the log and the history of the database
   * @param otherwise where to begin if the tier knows of no such log
   */
  Map<Integer, Long> open(String log, Map<Integer, Long> otherwise) throws Away;

  /** Forgets all answers and goes on from these positions. */
  void renew(String log, Map<Integer, Long> positions) throws Away;

  /** Tells the tier of a part of the log, {@code from} to before {@code to}. */
  Applied apply(String log, int partition, long from, long to, List<Placed> told) throws Away;

  /** Whether the tier still knows of the log. */
  boolean knows(String log) throws Away;

  /**
   * Forgets a part of what need not be known any more.
   *
   * @param keys how long ago a single answer must have become untrue
   * @param groups how long ago a group must have
   * @param settled a snapshot that was taken at least as long ago as {@code keys}
   * @return whether there is more to look at right now
   */
  boolean sweep(Duration keys, Duration groups, Sight settled) throws Away;

  /** Whether the tier is asked. */
  boolean trusted();

  /** How often the tier has given reason to doubt it. */
  long doubts();

  /**
   * For some seconds the tier may be asked, unless it has given reason for doubt since. Whoever
   * looks after it says so again and again; when nobody does, it is not asked.
   *
   * @param doubts how often it had when it was last opened
   */
  void trust(long doubts);

  /** From now on it may not. */
  void distrust(String why);
}
