package dev.tidemark.connectors.capture.position;

import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturePosition.Phase;
import java.util.Set;

/**
 * Follows the stream of changes, says of each whether it was sent before, and knows the position
 * after it.
 *
 * <p>After a start the slot replays whole transactions. Those that were sent completely are known
 * by their ids: the set of transactions that committed before the position. Of the one that was
 * sent in part, what lies before the position's LSN was sent, and of the changes with exactly that
 * LSN (a {@code COPY} gives one to many rows) as many as the position counts. Everything else is
 * new. Not thread-safe.
 */
public final class Progress {
  private int epoch;
  private final String system;
  private final CapturePosition from;
  private final Set<Long> complete;

  private long committed;
  private long passed;
  private long transaction;
  private long lsn;
  private long atLsn;
  private long sequence;

  private long replayedLsn;
  private long replayedAtLsn;

  /**
   * Begins at a position.
   *
   * @param complete ids of the transactions that the slot will replay although they were sent
   *     completely
   */
  public Progress(CapturePosition from, Set<Long> complete) {
    this.epoch = from.epoch();
    this.system = from.system();
    this.from = from;
    this.complete = Set.copyOf(complete);
    this.committed = from.committed();
    this.passed = from.passed();
    this.transaction = from.transaction();
    this.lsn = from.lsn();
    this.atLsn = from.atLsn();
    this.sequence = from.sequence();
  }

  /**
   * Takes the next change of the stream.
   *
   * @param committedBefore the commit position of the last transaction that ended before it; 0 if
   *     the stream has not shown one yet
   * @return whether it is new and has to be sent
   */
  public boolean advance(long id, long changeLsn, long committedBefore) {
    if (complete.contains(id)) {
      return false;
    }
    if (id == from.transaction() && transaction == from.transaction() && wasSent(changeLsn)) {
      return false;
    }
    confirm(committedBefore);
    if (id != transaction) {
      transaction = id;
      sequence = 0;
      lsn = changeLsn;
      atLsn = 0;
    } else if (changeLsn != lsn) {
      lsn = changeLsn;
      atLsn = 0;
    }
    atLsn++;
    sequence++;
    return true;
  }

  /** Takes note that every transaction that committed before this position was passed. */
  public void confirm(long committedBefore) {
    committed = Math.max(committed, committedBefore);
  }

  /**
   * Takes note that the log has been read up to a position between transactions: all that committed
   * before it was passed.
   */
  public void pass(long position) {
    passed = Math.max(passed, position);
  }

  /** Begins the next epoch: versions from here on are newer than all before. */
  public int nextEpoch() {
    epoch++;
    return epoch;
  }

  /** The number of the last change within its transaction, from 0. */
  public long sequence() {
    return sequence - 1;
  }

  /** The number of the last change among those with the same LSN, from 0. */
  public long ordinal() {
    return atLsn - 1;
  }

  /** Where the stream is after what {@link #advance} has let pass. */
  public CapturePosition position() {
    return new CapturePosition(
        epoch,
        Phase.STREAMING,
        system,
        from.publication(),
        committed,
        transaction,
        lsn,
        atLsn,
        sequence,
        Math.max(passed, committed));
  }

  private boolean wasSent(long changeLsn) {
    if (changeLsn < from.lsn()) {
      return true;
    }
    if (changeLsn > from.lsn()) {
      return false;
    }
    if (replayedLsn != changeLsn) {
      replayedLsn = changeLsn;
      replayedAtLsn = 0;
    }
    replayedAtLsn++;
    return replayedAtLsn <= from.atLsn();
  }
}
