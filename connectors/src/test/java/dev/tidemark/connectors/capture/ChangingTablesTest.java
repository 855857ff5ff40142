package dev.tidemark.connectors.capture;

import static dev.tidemark.connectors.capture.CaptureRig.id;
import static dev.tidemark.connectors.capture.CaptureRig.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.servers.Servers;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables join, gain columns and lose them while capture runs. */
class ChangingTablesTest {
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
  void aTableThatJoinsLaterIsReadWhileChangesFlow() throws Exception {
    EntityType early = rig.table("early", "id int PRIMARY KEY", "id");
    Capture first = rig.startStreaming();
    EntityType late = rig.table("late", "id int PRIMARY KEY, s text", "id");
    rig.sql("INSERT INTO " + late.name() + " SELECT i, 'old' FROM generate_series(1, 50) i");
    first.close();
    rig.startStreaming();
    rig.sql("INSERT INTO " + early.name() + " VALUES (1)");

    rig.changes(early, 1);
    assertThat(rig.changes(late, 50))
        .allSatisfy(
            change -> {
              assertThat(change.kind()).isEqualTo(ChangeKind.READ);
              assertThat(change.version()).isEqualTo(new Version(1, 0));
              assertThat(change.snapshot()).isTrue();
            })
        .extracting(CaptureRig::id)
        .doesNotHaveDuplicates();
  }

  @Test
  void aColumnThatIsAddedFlows() throws Exception {
    EntityType type = rig.table("grown", "id int PRIMARY KEY", "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1)");
    rig.sql("ALTER TABLE " + type.name() + " ADD COLUMN extra text");
    rig.sql("INSERT INTO " + type.name() + " VALUES (2, 'new')");

    assertThat(rig.changes(type, 2))
        .filteredOn(c -> id(c).equals("2"))
        .extracting(EntityChange::after)
        .containsExactly(json("{\"id\":2,\"extra\":\"new\"}"));
    assertThat(capture.health().state()).isEqualTo(CaptureHealth.State.STREAMING);
  }

  @Test
  void aTableThatLosesAColumnStopsAloneUntilItsShapeIsAccepted() throws Exception {
    EntityType broken = rig.table("broken", "id int PRIMARY KEY, s text, t text", "id");
    EntityType other = rig.table("other", "id int PRIMARY KEY", "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + broken.name() + " VALUES (1, 'a', 'b')");
    rig.changes(broken, 1);
    rig.sql("ALTER TABLE " + broken.name() + " DROP COLUMN s");
    rig.sql("INSERT INTO " + broken.name() + " VALUES (2, 'put aside')");
    rig.sql("INSERT INTO " + other.name() + " VALUES (1)");
    rig.changes(other, 1);
    CaptureRig.awaitState(capture, CaptureHealth.State.DEGRADED);
    assertThat(capture.health().detail()).contains("has no column s any more");
    assertThat(rig.changes(broken, 1)).hasSize(1);
    assertThat(rig.read(Topics.DEAD_LETTER))
        .filteredOn(record -> header(record, "ce_subject").equals(broken.name() + "/2"))
        .singleElement()
        .satisfies(
            record ->
                assertThat(header(record, DeadLetterHeaders.REASON))
                    .isEqualTo("table " + broken.table() + " has no column s any more"));

    rig.command(new CaptureCommand(CaptureCommand.Action.ACCEPT, broken.name()));
    List<EntityChange> after = rig.changes(broken, 3);
    CaptureRig.awaitState(capture, CaptureHealth.State.STREAMING);
    assertThat(after)
        .filteredOn(EntityChange::snapshot)
        .hasSize(2)
        .allSatisfy(
            change -> {
              assertThat(change.kind()).isEqualTo(ChangeKind.READ);
              assertThat(change.version()).isEqualTo(new Version(2, 0));
            });
    assertThat(after).extracting(CaptureRig::id).containsExactlyInAnyOrder("1", "1", "2");
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
