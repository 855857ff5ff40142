package dev.tidemark.connectors.capture;

import static dev.tidemark.connectors.capture.CaptureRig.id;
import static dev.tidemark.connectors.capture.CaptureRig.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.servers.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CaptureTest {
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
  void rowsThatWereThereAreReadAndChangesFollowInOrder() throws Exception {
    EntityType type = rig.table("note", "id int PRIMARY KEY, text text", "id");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 'there before')");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (2, 'new')");
    rig.sql("UPDATE " + type.name() + " SET text = 'changed' WHERE id = 2");
    rig.sql("DELETE FROM " + type.name() + " WHERE id = 2");

    List<EntityChange> changes = rig.changes(type, 4);
    assertThat(changes)
        .filteredOn(c -> id(c).equals("1"))
        .singleElement()
        .satisfies(
            read -> {
              assertThat(read.kind()).isEqualTo(ChangeKind.READ);
              assertThat(read.version()).isEqualTo(new Version(1, 0));
              assertThat(read.snapshot()).isTrue();
              assertThat(read.after()).isEqualTo(json("{\"id\":1,\"text\":\"there before\"}"));
            });
    List<EntityChange> second = changes.stream().filter(c -> id(c).equals("2")).toList();
    assertThat(second)
        .extracting(EntityChange::kind)
        .containsExactly(ChangeKind.INSERT, ChangeKind.UPDATE, ChangeKind.DELETE);
    assertThat(second).extracting(EntityChange::version).isSorted().doesNotHaveDuplicates();
    assertThat(second.get(1).before()).isEqualTo(json("{\"id\":2,\"text\":\"new\"}"));
    assertThat(second.get(1).after()).isEqualTo(json("{\"id\":2,\"text\":\"changed\"}"));
    assertThat(second.get(1).changed()).containsExactly("text");
    assertThat(second.get(2).before()).isEqualTo(json("{\"id\":2,\"text\":\"changed\"}"));
  }

  @Test
  void aChangeCarriesCloudEventHeaders() throws Exception {
    EntityType type = rig.table("event", "id int PRIMARY KEY", "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (7)");
    rig.changes(type, 1);

    ConsumerRecord<EntityKey, EntityChange> record = rig.read(Topics.change(type)).getFirst();
    EntityChange change = record.value();
    assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(record, "ce_type")).isEqualTo("dev.tidemark.change.insert.v1");
    assertThat(header(record, "ce_source")).isEqualTo("/tidemark/" + rig.slot());
    assertThat(header(record, "ce_subject")).isEqualTo(type.name() + "/7");
    assertThat(header(record, "ce_time")).isEqualTo(change.committedAt().toString());
    assertThat(header(record, "ce_id"))
        .isEqualTo(change.version() + "-" + change.transaction() + "-0");
    assertThat(header(record, "content-type")).isEqualTo("application/json");
    assertThat(record.timestamp()).isEqualTo(change.committedAt().toEpochMilli());
  }

  @Test
  void whatWasCommittedWhileNobodyCapturedComesOnceAfterARestart() throws Exception {
    EntityType type = rig.table("restart", "id int PRIMARY KEY, n int", "id");
    Capture first = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " SELECT i, 0 FROM generate_series(1, 100) i");
    rig.changes(type, 100);
    first.close();
    rig.sql("UPDATE " + type.name() + " SET n = n + 1");
    rig.startStreaming();
    rig.sql("DELETE FROM " + type.name());

    List<EntityChange> changes = rig.changes(type, 300);
    assertThat(changes).hasSize(300);
    assertThat(changes).extracting(c -> c.kind() + id(c)).doesNotHaveDuplicates();
  }

  @Test
  void transactionsThatOverlapARestartAreNeitherLostNorDoubled() throws Exception {
    EntityType type = rig.table("overlap", "id int PRIMARY KEY", "id");
    Capture first = rig.startStreaming();
    try (Connection open = rig.connect();
        Statement statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("INSERT INTO " + type.name() + " VALUES (1), (2), (3)");
      rig.sql("INSERT INTO " + type.name() + " VALUES (10)");
      rig.changes(type, 1);
      first.close();
      open.commit();
      rig.sql("INSERT INTO " + type.name() + " SELECT generate_series(20, 119)");
    }
    rig.startStreaming();

    List<EntityChange> changes = rig.changes(type, 104);
    assertThat(changes).hasSize(104).extracting(CaptureRig::id).doesNotHaveDuplicates();
  }

  @Test
  void theSlotFollowsWhatWasSentEvenIfOnlyOtherTablesChange() throws Exception {
    rig.table("quiet", "id int PRIMARY KEY", "id");
    rig.startStreaming();
    rig.sql("CREATE TABLE public." + rig.name() + "_unseen (id int)");
    rig.sql("INSERT INTO " + rig.name() + "_unseen SELECT generate_series(1, 1000)");
    String reached = rig.value("SELECT pg_current_wal_lsn()");

    await("the slot moves")
        .atMost(CaptureRig.PATIENCE)
        .until(
            () ->
                rig.value(
                        "SELECT confirmed_flush_lsn >= '"
                            + reached
                            + "' FROM pg_replication_slots WHERE slot_name = '"
                            + rig.slot()
                            + "'")
                    .equals("t"));
  }

  @Test
  void aTruncateReachesEveryPartition() throws Exception {
    EntityType type = rig.table("emptied", "id int PRIMARY KEY", "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " SELECT generate_series(1, 10)");
    rig.sql("TRUNCATE " + type.name());
    rig.changes(type, 10 + CaptureRig.PARTITIONS);

    assertThat(rig.read(Topics.change(type)))
        .filteredOn(record -> record.value().kind() == ChangeKind.TRUNCATE)
        .hasSize(CaptureRig.PARTITIONS)
        .allSatisfy(record -> assertThat(record.key()).isNull())
        .extracting(ConsumerRecord::partition)
        .doesNotHaveDuplicates();
  }

  @Test
  void aChangedKeyIsADeleteAndACreate() throws Exception {
    EntityType type = rig.table("rekeyed", "a int, b text, PRIMARY KEY (a, b)", "a", "b");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 'x,y/z')");
    rig.sql("UPDATE " + type.name() + " SET a = 2");

    assertThat(rig.changes(type, 3))
        .extracting(c -> c.kind() + " " + id(c))
        .containsExactlyInAnyOrder(
            "INSERT 1,x%2Cy%2Fz", "DELETE 1,x%2Cy%2Fz", "INSERT 2,x%2Cy%2Fz");
  }

  /** Postgres writes the new row down, waits for the other key, and finds this one free then. */
  @Test
  void aKeyThatIsUsedAgainIsNewerThanItsDeletion() throws Exception {
    EntityType type = rig.table("reused", "id int NOT NULL, mail text UNIQUE", "id");
    String table = type.name();
    // Made later, so that the key is looked at last.
    rig.sql("ALTER TABLE " + table + " ADD PRIMARY KEY (id)");
    rig.startStreaming();
    rig.sql("INSERT INTO " + table + " VALUES (5, 'old')");
    try (Connection holder = rig.connect();
        Connection inserter = rig.connect();
        Statement held = holder.createStatement();
        Statement inserting = inserter.createStatement()) {
      holder.setAutoCommit(false);
      held.execute("INSERT INTO " + table + " VALUES (9, 'new')");
      Thread waiting =
          Thread.startVirtualThread(
              () -> {
                try {
                  inserting.execute("INSERT INTO " + table + " VALUES (5, 'new')");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      await()
          .atMost(CaptureRig.PATIENCE)
          .until(() -> rig.value("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("1"));
      rig.sql("DELETE FROM " + table + " WHERE id = 5");
      holder.rollback();
      assertThat(waiting.join(CaptureRig.PATIENCE)).isTrue();
    }
    rig.sql("UPDATE " + table + " SET mail = 'newer' WHERE id = 5");

    List<EntityChange> changes = rig.changes(type, 4);
    assertThat(changes)
        .extracting(EntityChange::kind)
        .containsExactly(
            ChangeKind.INSERT, ChangeKind.DELETE, ChangeKind.INSERT, ChangeKind.UPDATE);
    assertThat(changes).extracting(EntityChange::version).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aLargeValueThatAnUpdateLeavesAloneIsStillThere() throws Exception {
    EntityType type = rig.table("large", "id int PRIMARY KEY, n int, body text", "id");
    rig.sql("ALTER TABLE " + type.name() + " ALTER body SET STORAGE EXTERNAL");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 0, repeat('long', 10000))");
    rig.sql("UPDATE " + type.name() + " SET n = 1");

    EntityChange update = rig.changes(type, 2).get(1);
    assertThat(update.changed()).containsExactly("n");
    assertThat(requireNonNull(update.after()).get("body").textValue()).hasSize(40_000);
  }

  @Test
  void nullsAreNotReplacedByAColumnsDefault() throws Exception {
    EntityType type = rig.table("defaults", "id int PRIMARY KEY, s text DEFAULT 'x'", "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, NULL)");

    assertThat(rig.changes(type, 1).getFirst().after()).isEqualTo(json("{\"id\":1,\"s\":null}"));
  }

  @Test
  void typesOfAnotherSchemaAndSequencesHaveOneNameWhicheverWayTheyAreRead() throws Exception {
    rig.sql("CREATE SCHEMA " + rig.name());
    rig.sql("CREATE TYPE " + rig.name() + ".\"Mood\" AS ENUM ('sad', 'happy')");
    rig.sql("CREATE DOMAIN " + rig.name() + ".positive AS int CHECK (VALUE > 0)");
    String mood = rig.name() + ".\"Mood\"";
    EntityType type =
        rig.table(
            "foreign",
            "id bigserial PRIMARY KEY, s serial, m "
                + mood
                + ", ms "
                + mood
                + "[], p "
                + rig.name()
                + ".positive, v varchar(10), n numeric(10,2), t timestamptz(3)",
            "id");
    String row = " (m, ms, p) VALUES ('happy', '{sad,happy}', 3)";
    rig.sql("INSERT INTO " + type.name() + row);
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + row);

    assertThat(rig.changes(type, 2))
        .extracting(change -> requireNonNull(change.after()).get("ms").toString())
        .containsOnly("[\"sad\",\"happy\"]");
    assertThat(rig.read(Topics.DEAD_LETTER))
        .noneMatch(record -> header(record, "ce_subject").startsWith(type.name()));
    assertThat(capture.health().state()).isEqualTo(CaptureHealth.State.STREAMING);
  }

  @Test
  void anyDefaultOfAColumnIsHarmless() throws Exception {
    EntityType type =
        rig.table(
            "eager",
            "id int PRIMARY KEY, d date DEFAULT current_date, d2 date DEFAULT '2026-01-15',"
                + " t timestamptz DEFAULT now(), t2 timestamp DEFAULT '2026-01-15 10:00',"
                + " i interval DEFAULT '1 day', n numeric(6,2) DEFAULT 1.5, a int[] DEFAULT '{1}',"
                + " j jsonb DEFAULT '{}', b bytea DEFAULT '\\xde', k time DEFAULT '10:00',"
                + " z timetz DEFAULT '10:00+02', x text[] DEFAULT ARRAY['a']",
            "id");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1)");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (2)");

    assertThat(rig.changes(type, 2))
        .allSatisfy(
            change -> {
              ObjectNode row = requireNonNull(change.after());
              assertThat(row.get("d2").textValue()).isEqualTo("2026-01-15");
              assertThat(row.get("i").textValue()).isEqualTo("P1D");
              assertThat(row.get("n").textValue()).isEqualTo("1.50");
              assertThat(row.get("a").toString()).isEqualTo("[1]");
              assertThat(row.get("b").textValue()).isEqualTo("3g==");
            });
  }

  @Test
  void aTransactionTellsWhoCausedItsChanges() throws Exception {
    EntityType type = rig.table("caused", "id int PRIMARY KEY", "id");
    rig.startStreaming();
    rig.sql(
        "BEGIN; SELECT pg_logical_emit_message(true, 'tidemark.origin',"
            + " '{\"device\": \"d1\", \"operation\": \"op7\"}'); INSERT INTO "
            + type.name()
            + " VALUES (1); COMMIT");
    rig.sql("INSERT INTO " + type.name() + " VALUES (2)");

    assertThat(rig.changes(type, 2))
        .filteredOn(c -> id(c).equals("1"))
        .extracting(EntityChange::origin)
        .containsExactly(new Origin("d1", "op7"));
    assertThat(rig.changes(type, 2))
        .filteredOn(c -> id(c).equals("2"))
        .extracting(EntityChange::origin)
        .containsOnlyNulls();
  }

  @Test
  void aSecondCaptureStandsByAndTakesOver() throws Exception {
    EntityType type = rig.table("shared", "id int PRIMARY KEY", "id");
    Capture leader = rig.startStreaming();
    Capture standby = rig.start();
    CaptureRig.awaitState(standby, CaptureHealth.State.STANDBY);
    rig.sql("INSERT INTO " + type.name() + " VALUES (1)");
    rig.changes(type, 1);
    leader.close();
    CaptureRig.awaitState(standby, CaptureHealth.State.STREAMING);
    rig.sql("INSERT INTO " + type.name() + " VALUES (2)");

    assertThat(rig.changes(type, 2)).extracting(CaptureRig::id).containsExactlyInAnyOrder("1", "2");
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
