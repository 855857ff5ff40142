package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

/**
 * What capture has sent, precisely enough to send nothing twice after it replays from the slot.
 *
 * <p>An LSN alone does not say it: only commit positions are ordered over transactions, a
 * transaction may be half sent, and many rows may share one LSN.
 *
 * @param epoch the history these positions belong to
 * @param phase how far the slot's life has come
 * @param system the identifier of the database cluster, and its timeline, as {@code id/timeline}
 * @param publication the object id of the publication that selects what the slot shows
 * @param committed the commit position of the last transaction known to be sent completely
 * @param transaction the id of the transaction that follows it and is sent in part, or was the last
 *     one sent; 0 if none
 * @param lsn the position of the last change sent of that transaction
 * @param atLsn how many changes of that transaction with that very position are sent
 * @param sequence how many changes of that transaction are sent in all
 * @param passed up to where the log holds nothing that is not sent; moves on while nothing changes
 */
public record CapturePosition(
    int epoch,
    Phase phase,
    String system,
    long publication,
    long committed,
    long transaction,
    long lsn,
    long atLsn,
    long sequence,
    long passed) {

  /** How far a slot's life has come. */
  public enum Phase {
    /** The first snapshot has begun; until it ends nothing of this epoch is visible. */
    SNAPSHOT,
    /** The snapshot is complete and changes follow. */
    STREAMING
  }

  /** A position that has passed its last commit and nothing else. */
  public CapturePosition(
      int epoch,
      Phase phase,
      String system,
      long publication,
      long committed,
      long transaction,
      long lsn,
      long atLsn,
      long sequence) {
    this(
        epoch, phase, system, publication, committed, transaction, lsn, atLsn, sequence, committed);
  }

  public CapturePosition {
    requireNonNull(phase, "phase is null");
    requireNonNull(system, "system is null");
  }
}
