package dev.tidemark.connectors.capture;

import static dev.tidemark.connectors.capture.CaptureRig.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.connectors.capture.position.Start.OnLoss;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.servers.Servers;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What makes a continuation impossible is refused, or begins anew if that was asked for. */
class LossTest {
  private static Servers servers;
  private CaptureRig rig;

  @BeforeAll
  static void startServers() {
    servers = Servers.forTests();
  }

  @AfterAll
  static void stopServers() {
    servers.close();
  }

  @BeforeEach
  void makeRig() throws SQLException {
    rig = new CaptureRig(servers);
  }

  @AfterEach
  void closeRig() throws SQLException {
    rig.close();
  }

  @Test
  void aSlotThatIsGoneIsARefusalWithARemedy() throws Exception {
    EntityType type = rig.table("orphan", "id int PRIMARY KEY", "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1)");
    rig.changes(type, 1);
    capture.close();
    rig.dropSlot();
    Capture again = rig.start();

    CaptureRig.awaitState(again, CaptureHealth.State.REFUSED);
    assertThat(again.health().detail())
        .contains("the replication slot is gone")
        .contains("TIDEMARK_CAPTURE_ON_LOSS=resnapshot");
    assertThat(again.health().up()).isFalse();
  }

  @Test
  void aSlotOfAnotherDatabaseIsARefusalWithARemedy() throws Exception {
    rig.table("latecomer", "id int PRIMARY KEY", "id");
    rig.sqlInAnother(
        rig.name() + "_other",
        "SELECT pg_create_logical_replication_slot('" + rig.slot() + "', 'pgoutput')");
    Capture capture = rig.start();

    CaptureRig.awaitState(capture, CaptureHealth.State.REFUSED);
    assertThat(capture.health().detail())
        .contains("belongs to the database " + rig.name() + "_other")
        .contains("TIDEMARK_CAPTURE_SLOT");
  }

  @Test
  void aSlotThatSomebodyElseMovedIsARefusal() throws Exception {
    EntityType type = rig.table("moved", "id int PRIMARY KEY", "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1)");
    rig.changes(type, 1);
    capture.close();
    rig.sql("INSERT INTO " + type.name() + " VALUES (2)");
    rig.sql("SELECT pg_replication_slot_advance('" + rig.slot() + "', pg_current_wal_lsn())");
    Capture again = rig.start();

    CaptureRig.awaitState(again, CaptureHealth.State.REFUSED);
    assertThat(again.health().detail()).contains("something else has moved or recreated it");
  }

  @Test
  void aPublicationThatIsDroppedWhileCaptureRunsIsNoticed() throws Exception {
    rig.table("unpublished", "id int PRIMARY KEY", "id");
    Capture capture = rig.startStreaming();
    rig.sql("DROP PUBLICATION " + rig.slot());

    CaptureRig.awaitState(capture, CaptureHealth.State.REFUSED);
    assertThat(capture.health().detail()).contains("the publication was dropped");
  }

  @Test
  void afterALossANewSnapshotAlsoEndsWhatVanished() throws Exception {
    EntityType type = rig.table("lossy", "id int PRIMARY KEY, s text", "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 'stays'), (2, 'goes')");
    rig.changes(type, 2);
    capture.close();
    rig.dropSlot();
    rig.sql("DELETE FROM " + type.name() + " WHERE id = 2");
    rig.sql("UPDATE " + type.name() + " SET s = 'changed' WHERE id = 1");
    rig.onLoss(OnLoss.RESNAPSHOT);
    rig.startStreaming();

    List<EntityChange> changes = rig.changes(type, 4);
    assertThat(changes)
        .filteredOn(EntityChange::snapshot)
        .allSatisfy(change -> assertThat(change.version()).isEqualTo(new Version(2, 0)))
        .extracting(c -> c.kind() + " " + id(c))
        .containsExactlyInAnyOrder("READ 1", "DELETE 2");
  }
}
