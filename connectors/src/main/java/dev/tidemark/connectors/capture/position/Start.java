package dev.tidemark.connectors.capture.position;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturePosition.Phase;
import java.util.Optional;

/** What capture does when it starts, decided from its own position and the state of the slot. */
public sealed interface Start {
  /**
   * Take a snapshot first, on a slot made for it.
   *
   * @param epoch the epoch that begins
   * @param dropSlot whether a slot of an unfinished snapshot is in the way
   * @param afterLoss whether earlier epochs have sent rows that may be gone by now
   */
  record Snapshot(int epoch, boolean dropSlot, boolean afterLoss) implements Start {}

  /** Replay from the slot and pass over what the position says was sent. */
  record Resume(CapturePosition position) implements Start {}

  /**
   * Do nothing, because changes are missing or would be.
   *
   * @param reason what is wrong
   * @param remedy what a person can do
   */
  record Refuse(String reason, String remedy) implements Start {
    public Refuse {
      requireNonNull(reason, "reason is null");
      requireNonNull(remedy, "remedy is null");
    }
  }

  /** What to do when changes were lost for good. */
  enum OnLoss {
    /** Refuse to start until a person decides. */
    STOP,
    /** Begin a new epoch with a snapshot of everything. */
    RESNAPSHOT
  }

  /**
   * Decides.
   *
   * @param position what was sent, if anything was ever
   * @param slot the slot as it is, if it exists
   * @param system the cluster and timeline that answers now, as {@code id/timeline}
   * @param publication the object id of the publication
   */
  static Start decide(
      Optional<CapturePosition> position,
      Optional<Slot> slot,
      String system,
      long publication,
      OnLoss onLoss) {
    if (position.isEmpty()) {
      return slot.isEmpty()
          ? new Snapshot(1, false, false)
          : new Refuse(
              "replication slot "
                  + slot.get().name()
                  + " exists, but no position of it is in Kafka",
              "if no other Tidemark uses it and Kafka's data was lost or replaced, drop it with "
                  + "SELECT pg_drop_replication_slot('"
                  + slot.get().name()
                  + "') and a new snapshot begins");
    }
    CapturePosition sent = position.get();
    if (sent.phase() == Phase.SNAPSHOT) {
      // Nothing of an unfinished snapshot is visible: it was one Kafka transaction.
      return new Snapshot(sent.epoch(), slot.isPresent(), sent.epoch() > 1);
    }
    Optional<String> loss = loss(sent, slot, system, publication);
    if (loss.isEmpty()) {
      return new Resume(sent);
    }
    return switch (onLoss) {
      case RESNAPSHOT -> new Snapshot(sent.epoch() + 1, slot.isPresent(), true);
      case STOP ->
          new Refuse(
              loss.get(),
              "changes between then and now cannot be had any more; set "
                  + "TIDEMARK_CAPTURE_ON_LOSS=resnapshot to begin epoch "
                  + (sent.epoch() + 1)
                  + " with a snapshot of every table, which also ends entities that vanished");
    };
  }

  private static Optional<String> loss(
      CapturePosition sent, Optional<Slot> slot, String system, long publication) {
    if (!sent.system().equals(system)) {
      return Optional.of(
          "the database is another one, or was restored: it says "
              + system
              + " and the position was taken on "
              + sent.system());
    }
    if (slot.isEmpty()) {
      return Optional.of("the replication slot is gone");
    }
    if (sent.publication() != publication) {
      return Optional.of(
          "the publication was dropped and made anew: changes in between were not published");
    }
    if (slot.get().lost()) {
      return Optional.of(
          "replication slot "
              + slot.get().name()
              + " was invalidated: the database has removed write-ahead log that was not read yet");
    }
    if (slot.get().confirmed() > sent.committed()) {
      return Optional.of(
          "replication slot "
              + slot.get().name()
              + " stands at "
              + Lsn.text(slot.get().confirmed())
              + ", past "
              + Lsn.text(sent.committed())
              + " where capture left it: something else has moved or recreated it");
    }
    return Optional.empty();
  }
}
