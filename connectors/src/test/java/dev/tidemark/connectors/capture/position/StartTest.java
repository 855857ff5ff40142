package dev.tidemark.connectors.capture.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.connectors.capture.position.Start.OnLoss;
import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturePosition.Phase;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartTest {
  private static final String SYSTEM = "7491/1";
  private static final long PUBLICATION = 16402;
  private static final CapturePosition SENT =
      new CapturePosition(3, Phase.STREAMING, SYSTEM, PUBLICATION, 500, 70, 480, 1, 4);
  private static final Slot SLOT = new Slot("tidemark", 400, false, false);

  @Test
  void withoutPositionAndSlotASnapshotOpensTheFirstEpoch() {
    assertThat(decide(Optional.empty(), Optional.empty(), OnLoss.STOP))
        .isEqualTo(new Start.Snapshot(1, false, false));
  }

  @Test
  void aSlotWithoutAPositionIsNobodysToTake() {
    assertThat(decide(Optional.empty(), Optional.of(SLOT), OnLoss.RESNAPSHOT))
        .isInstanceOfSatisfying(
            Start.Refuse.class,
            refuse -> {
              assertThat(refuse.reason()).contains("no position of it is in Kafka");
              assertThat(refuse.remedy()).contains("pg_drop_replication_slot('tidemark')");
            });
  }

  @Test
  void anUnfinishedSnapshotBeginsAgain() {
    CapturePosition snapshot =
        new CapturePosition(2, Phase.SNAPSHOT, SYSTEM, PUBLICATION, 0, 0, 0, 0, 0);
    assertThat(decide(Optional.of(snapshot), Optional.of(SLOT), OnLoss.STOP))
        .isEqualTo(new Start.Snapshot(2, true, true));
  }

  @Test
  void aSlotAtOrBehindThePositionIsResumed() {
    assertThat(decide(Optional.of(SENT), Optional.of(SLOT), OnLoss.STOP))
        .isEqualTo(new Start.Resume(SENT));
    assertThat(decide(Optional.of(SENT), Optional.of(slotAt(500)), OnLoss.STOP))
        .isEqualTo(new Start.Resume(SENT));
  }

  @Test
  void whateverMeansLostChangesIsRefusedUntilAPersonDecides() {
    assertThat(decide(Optional.of(SENT), Optional.empty(), OnLoss.STOP))
        .isInstanceOf(Start.Refuse.class);
    assertThat(decide(Optional.of(SENT), Optional.of(slotAt(501)), OnLoss.STOP))
        .isInstanceOf(Start.Refuse.class);
    assertThat(
            decide(
                Optional.of(SENT),
                Optional.of(new Slot("tidemark", 400, true, false)),
                OnLoss.STOP))
        .isInstanceOf(Start.Refuse.class);
    assertThat(
            Start.decide(Optional.of(SENT), Optional.of(SLOT), "7491/2", PUBLICATION, OnLoss.STOP))
        .isInstanceOf(Start.Refuse.class);
    assertThat(
            Start.decide(
                Optional.of(SENT), Optional.of(SLOT), SYSTEM, PUBLICATION + 1, OnLoss.STOP))
        .isInstanceOf(Start.Refuse.class);
  }

  @Test
  void aPersonMayDecideForANewEpoch() {
    assertThat(decide(Optional.of(SENT), Optional.of(slotAt(501)), OnLoss.RESNAPSHOT))
        .isEqualTo(new Start.Snapshot(4, true, true));
    assertThat(decide(Optional.of(SENT), Optional.empty(), OnLoss.RESNAPSHOT))
        .isEqualTo(new Start.Snapshot(4, false, true));
  }

  private static Slot slotAt(long confirmed) {
    return new Slot("tidemark", confirmed, false, false);
  }

  private static Start decide(
      Optional<CapturePosition> position, Optional<Slot> slot, OnLoss onLoss) {
    return Start.decide(position, slot, SYSTEM, PUBLICATION, onLoss);
  }
}
