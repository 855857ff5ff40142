package dev.tidemark.connectors.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.connectors.capture.position.Start.OnLoss;
import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.servers.Servers;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that are read are told as well: at first, when scopes are new or others, after a loss. */
class TellingTest {
  private static final List<String> A = List.of("a/{a}");
  private static final String COLUMNS = "id int PRIMARY KEY, a int, b int, s text";

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
  void aFirstSnapshotSaysWhatThereIs() throws Exception {
    EntityType type = rig.scopedTable("first", COLUMNS, List.of("a/{a}", "b/{b}"), "id");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1, 1), (2, NULL, 2), (3, NULL, NULL)");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (99, 1)");

    assertThat(rig.told(type, 99))
        .containsExactly("put a/1 1 [a/1, b/1]", "put b/1 1 [a/1, b/1]", "put b/2 2 [b/2]");
    rig.awaitTold(type);
  }

  @Test
  void afterALossEachRowIsRemovedWhereItIsNot() throws Exception {
    EntityType type = rig.scopedTable("lossy", COLUMNS, A, "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, 2), (3, 3), (4, NULL)");
    rig.changes(type, 4);
    capture.close();
    rig.dropSlot();
    long end = rig.end(Topics.SCOPED_CHANGE);
    rig.sql("DELETE FROM " + type.name() + " WHERE id = 2");
    rig.sql("UPDATE " + type.name() + " SET a = 5 WHERE id = 3");
    rig.onLoss(OnLoss.RESNAPSHOT);
    rig.startStreaming();

    assertThat(rig.read(Topics.SCOPED_CHANGE, end))
        .allSatisfy(told -> assertThat(told.value().version()).isEqualTo(new Version(2, 0)))
        .extracting(told -> CaptureRig.line(told.value()))
        .containsSubsequence("remove null 1 [a/1]", "put a/1 1 [a/1]", "remove null 2 []")
        .containsSubsequence("remove null 3 [a/5]", "put a/5 3 [a/5]", "remove null 2 []")
        .contains("remove null 4 []")
        .hasSize(6);
    assertThat(rig.held(type)).containsExactly("a/1 1", "a/5 3");
  }

  @Test
  void aTableThatJoinsLaterIsTold() throws Exception {
    rig.table("early", "id int PRIMARY KEY", "id");
    Capture capture = rig.startStreaming();
    EntityType type = rig.scopedTable("late", COLUMNS, A, "id");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, 2)");
    capture.close();
    rig.startStreaming();

    rig.awaitTold(type);
    assertThat(lines(type, 0)).containsExactlyInAnyOrder("put a/1 1 [a/1]", "put a/2 2 [a/2]");
  }

  @Test
  void aTypeThatGetsScopesIsReadAndStaysLive() throws Exception {
    EntityType former = rig.scopedTable("upgraded", COLUMNS, List.of(), "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + former.name() + " VALUES (1, 1), (2, 2), (3, 3)");
    rig.changes(former, 3);
    capture.close();
    EntityType type = rig.rescope(former, "a/{a}");
    rig.sql("UPDATE " + type.name() + " SET a = 4 WHERE id = 2");
    rig.startStreaming();

    rig.awaitTold(type);
    assertThat(lines(type, 0))
        .containsExactlyInAnyOrder(
            "remove a/2 2 [a/4]", "put a/4 2 [a/4]", "put a/1 1 [a/1]", "put a/3 3 [a/3]");
    assertThat(rig.read(Topics.SCOPED_CHANGE))
        .filteredOn(told -> told.value().type().equals(type.name()))
        .filteredOn(told -> "2".equals(told.value().id()))
        .as("read again, it would be older than it is")
        .noneMatch(told -> told.value().version().lsn() == 0);
    assertThat(rig.read(Topics.CAPTURED_TABLE))
        .filteredOn(record -> record.key().equals(type.name()))
        .filteredOn(record -> !record.value().scopes().isEmpty())
        .isNotEmpty()
        .allSatisfy(
            record -> assertThat(record.value().state()).isEqualTo(CapturedTable.State.LIVE));
    assertThat(rig.changes(type, 4))
        .extracting(EntityChange::version)
        .allMatch(version -> version.epoch() == 1);
  }

  @Test
  void otherScopesAreToldInANewEpoch() throws Exception {
    EntityType former = rig.scopedTable("other", COLUMNS, A, "id");
    Capture capture = rig.startStreaming();
    rig.sql(
        "INSERT INTO " + former.name() + " VALUES (1, 1, 5), (2, 2, 6), (3, 3, 7), (4, 4, NULL)");
    rig.changes(former, 4);
    capture.close();
    EntityType type = rig.rescope(former, "b/{b}", "b2/{b}");
    rig.sql("UPDATE " + type.name() + " SET s = 'x' WHERE id = 2");
    rig.sql("DELETE FROM " + type.name() + " WHERE id = 3");
    long end = rig.end(Topics.SCOPED_CHANGE);
    rig.startStreaming();

    rig.awaitTold(type);
    rig.sql("UPDATE " + type.name() + " SET s = 'y' WHERE id = 1");
    rig.sql("INSERT INTO " + type.name() + " VALUES (99, 1, 1)");
    assertThat(rig.told(type, 99)).endsWith("put b/5 1 [b/5, b2/5]", "put b2/5 1 [b/5, b2/5]");
    assertThat(lines(type, end))
        .startsWith(
            "remove null 2 [b/6, b2/6]",
            "put b/6 2 [b/6, b2/6]",
            "put b2/6 2 [b/6, b2/6]",
            "remove b/7 3 []",
            "remove b2/7 3 []",
            "remove null 3 []",
            "remove null 1 [b/5, b2/5]",
            "put b/5 1 [b/5, b2/5]",
            "put b2/5 1 [b/5, b2/5]",
            "remove null 4 []");
    assertThat(rig.read(Topics.SCOPED_CHANGE, end))
        .allMatch(told -> told.value().version().epoch() == 2);
    assertThat(rig.held(type))
        .containsExactly("b/1 99", "b/5 1", "b/6 2", "b2/1 99", "b2/5 1", "b2/6 2");
  }

  @Test
  void whoseScopesAreTakenAwayIsRemovedEverywhere() throws Exception {
    EntityType former = rig.scopedTable("hidden", COLUMNS, A, "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + former.name() + " VALUES (1, 1), (2, 2)");
    rig.changes(former, 2);
    capture.close();
    EntityType type = rig.rescope(former);
    long end = rig.end(Topics.SCOPED_CHANGE);
    rig.startStreaming();

    rig.awaitTold(type);
    rig.sql("INSERT INTO " + type.name() + " VALUES (3, 3)");
    rig.changes(type, changes -> changes.stream().anyMatch(c -> CaptureRig.id(c).equals("3")));
    assertThat(lines(type, end)).containsExactlyInAnyOrder("remove null 1 []", "remove null 2 []");
    assertThat(rig.held(type)).isEmpty();
  }

  @Test
  void aTellingThatIsCutShortBeginsAgain() throws Exception {
    int rows = 60_000;
    EntityType former = rig.scopedTable("torn", COLUMNS, A, "id");
    rig.sql(
        "INSERT INTO " + former.name() + " SELECT i, 1, 2 FROM generate_series(1, " + rows + ") i");
    Capture capture = rig.startStreaming();
    capture.close();
    long end = rig.end(Topics.SCOPED_CHANGE);
    EntityType type = rig.rescope(former, "b/{b}");
    Capture second = rig.start();
    await("the first rows are told anew")
        .atMost(CaptureRig.PATIENCE)
        .until(() -> !rig.read(Topics.SCOPED_CHANGE, end).isEmpty());
    second.close();
    long puts =
        rig.read(Topics.SCOPED_CHANGE, end).stream()
            .filter(told -> told.value().kind() == ScopedChange.Kind.PUT)
            .count();
    assertThat(puts).as("it was cut short").isPositive().isLessThan(rows);
    assertThat(rig.captured(type).scopes()).containsExactly("a/{a}", "b/{b}");
    rig.sql("DELETE FROM " + type.name() + " WHERE id IN (1, " + rows + ")");
    rig.startStreaming();

    rig.awaitTold(type);
    Set<String> held = rig.held(type);
    assertThat(held).hasSize(rows - 2).allMatch(row -> row.startsWith("b/2 "));
    assertThat(rig.read(Topics.SCOPED_CHANGE, end))
        .as("one epoch for one change of scopes")
        .allMatch(told -> told.value().version().epoch() == 2);
  }

  @Test
  void aTableThatIsReadOnRequestIsToldAnew() throws Exception {
    EntityType type = rig.scopedTable("requested", COLUMNS, A, "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, NULL)");
    rig.changes(type, 2);
    long end = rig.end(Topics.SCOPED_CHANGE);
    rig.command(new CaptureCommand(CaptureCommand.Action.SNAPSHOT, type.name()));

    rig.changes(type, 4);
    rig.awaitTold(type);
    assertThat(lines(type, end))
        .containsExactlyInAnyOrder("remove null 1 [a/1]", "put a/1 1 [a/1]", "remove null 2 []");
  }

  @Test
  void aTableThatWasStoppedIsToldOnceItsShapeIsAccepted() throws Exception {
    EntityType type = rig.scopedTable("broken", COLUMNS, A, "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, 2), (3, 3)");
    rig.changes(type, 3);
    long end = rig.end(Topics.SCOPED_CHANGE);
    rig.sql("ALTER TABLE " + type.name() + " DROP COLUMN s");
    rig.sql("UPDATE " + type.name() + " SET a = a + 10");
    rig.sql("DELETE FROM " + type.name() + " WHERE id = 2");
    CaptureRig.awaitState(capture, CaptureHealth.State.DEGRADED);
    rig.changes(type, 4);
    assertThat(lines(type, end)).containsExactly("remove a/12 2 []", "remove null 2 []");
    assertThat(rig.held(type)).containsExactly("a/1 1", "a/3 3");

    rig.command(new CaptureCommand(CaptureCommand.Action.ACCEPT, type.name()));
    rig.changes(type, 6);
    rig.awaitTold(type);
    assertThat(rig.held(type)).containsExactly("a/11 1", "a/13 3");
  }

  @Test
  void whatDevicesHoldIsWhatTheTableSays() throws Exception {
    Random random = new Random(7);
    EntityType type =
        rig.scopedTable("any", COLUMNS, List.of("a/{a}", "b/{b}", "pair/{a}-{b}"), "id");
    Capture capture = rig.startStreaming();
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 60; i++) {
        rig.sql(anything(type, random));
        if (i == 30) {
          capture.close();
        }
      }
      type =
          switch (round) {
            case 1 -> rig.rescope(type, "a/{a}");
            case 3 -> rig.rescope(type, "b/{b}", "all");
            default -> type;
          };
      capture = rig.startStreaming();
      rig.awaitTold(type);
    }
    rig.sql("INSERT INTO " + type.name() + " VALUES (9999, 1, 1)");
    rig.told(type, 9999);

    String there =
        rig.value(
            """
            SELECT coalesce(string_agg(row, ';' ORDER BY row COLLATE "C"), '') FROM (
              SELECT 'b/' || b || ' ' || id AS row FROM %1$s WHERE b IS NOT NULL
              UNION ALL SELECT 'all ' || id FROM %1$s) rows"""
                .formatted(type.name()));
    assertThat(String.join(";", rig.held(type))).isEqualTo(there);
    List<ConsumerRecord<String, ScopedChange>> all = rig.read(Topics.SCOPED_CHANGE);
    assertThat(all)
        .extracting(
            told ->
                new String(told.headers().lastHeader("ce_id").value(), UTF_8) + told.value().type())
        .doesNotHaveDuplicates();
  }

  private static String anything(EntityType type, Random random) {
    String id = Integer.toString(random.nextInt(30));
    String a = random.nextInt(4) == 0 ? "NULL" : Integer.toString(random.nextInt(3));
    String b = random.nextInt(4) == 0 ? "NULL" : Integer.toString(random.nextInt(3));
    String table = type.name();
    return switch (random.nextInt(12)) {
      case 0 -> "DELETE FROM " + table + " WHERE id = " + id;
      case 1 -> "UPDATE " + table + " SET s = 'x" + a + "' WHERE id = " + id;
      case 2 -> "BEGIN; DELETE FROM " + table + " WHERE id = " + id + "; ROLLBACK";
      case 3 -> random.nextInt(20) == 0 ? "TRUNCATE " + table : "SELECT 1";
      default ->
          "INSERT INTO %s VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b"
              .formatted(table, id, a, b);
    };
  }

  private List<String> lines(EntityType type, long from) {
    return rig.read(Topics.SCOPED_CHANGE, from).stream()
        .map(ConsumerRecord::value)
        .filter(told -> told.type().equals(type.name()))
        .map(CaptureRig::line)
        .toList();
  }
}
