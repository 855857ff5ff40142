package dev.tidemark.connectors.write;

import java.util.HashSet;
import java.util.Set;

/**
 * How carefully a transaction has to go about, after what failed in earlier attempts at it. What
 * fails in a crowd is done one by one, to find out who it was.
 */
final class Care {
  /** Writes of one kind. */
  private record Crowd(String type, Effect effect) {}

  private final Set<Crowd> crowds = new HashSet<>();
  private final Set<Crowd> misfits = new HashSet<>();
  private boolean everything;
  private boolean batches;

  /** Whether the writes of this group are done one by one. */
  boolean singly(RowGroup group) {
    return everything || crowds.contains(crowd(group));
  }

  /** Whether all writes are done one by one, each with its ledger entries. */
  boolean everything() {
    return everything;
  }

  boolean batchesSingly() {
    return batches;
  }

  void afterFailureOf(RowGroup group) {
    crowds.add(crowd(group));
  }

  /** Whether it is the first time that these writes do not fit their table. */
  boolean firstMisfit(RowGroup group) {
    return misfits.add(crowd(group));
  }

  /** Returns whether there was any more care to take. */
  boolean afterFailureOfTheLedger() {
    boolean more = !everything;
    everything = true;
    return more;
  }

  void afterFailureOfBatches() {
    batches = true;
  }

  private static Crowd crowd(RowGroup group) {
    return new Crowd(group.shape().table().type().name(), group.shape().effect());
  }
}
