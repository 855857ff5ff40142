package dev.tidemark.connectors.capture;

import static dev.tidemark.connectors.capture.CaptureRig.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.servers.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every change is told once to each scope that sees the row, or has seen it. */
class ScopedTest {
  private static final List<String> A = List.of("a/{a}");

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
  void aRowIsPutWhereItIsAndRemovedWhereItWas() throws Exception {
    EntityType type =
        rig.scopedTable(
            "moved", "id int PRIMARY KEY, a int, b int, s text", List.of("a/{a}", "b/{b}"), "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1, 1, 's')");
    rig.sql("UPDATE " + type.name() + " SET s = 't'");
    rig.sql("UPDATE " + type.name() + " SET a = 2");
    rig.sql("UPDATE " + type.name() + " SET b = NULL");
    rig.sql("UPDATE " + type.name() + " SET a = NULL");
    rig.sql("UPDATE " + type.name() + " SET s = 'unseen'");
    rig.sql("UPDATE " + type.name() + " SET a = 3, b = 3");
    rig.sql("UPDATE " + type.name() + " SET a = 4, b = 4");
    rig.sql("DELETE FROM " + type.name());
    rig.sql("INSERT INTO " + type.name() + " VALUES (99, 1)");

    assertThat(rig.told(type, 99))
        .containsExactly(
            "put a/1 1 [a/1, b/1]",
            "put b/1 1 [a/1, b/1]",
            "put a/1 1 [a/1, b/1]",
            "put b/1 1 [a/1, b/1]",
            "remove a/1 1 [a/2, b/1]",
            "put a/2 1 [a/2, b/1]",
            "put b/1 1 [a/2, b/1]",
            "remove b/1 1 [a/2]",
            "put a/2 1 [a/2]",
            "remove a/2 1 []",
            "put a/3 1 [a/3, b/3]",
            "put b/3 1 [a/3, b/3]",
            "remove a/3 1 [a/4, b/4]",
            "remove b/3 1 [a/4, b/4]",
            "put a/4 1 [a/4, b/4]",
            "put b/4 1 [a/4, b/4]",
            "remove a/4 1 []",
            "remove b/4 1 []");
  }

  @Test
  void twoColumnsWithOneValueAreOneScope() throws Exception {
    EntityType type =
        rig.scopedTable(
            "shared",
            "id int PRIMARY KEY, a int, b int",
            List.of("user/{a}", "user/{b}", "public"),
            "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 7, 7)");
    rig.sql("UPDATE " + type.name() + " SET b = 8");
    rig.sql("UPDATE " + type.name() + " SET a = 8, b = 7");
    rig.sql("INSERT INTO " + type.name() + " VALUES (99)");

    assertThat(rig.told(type, 99))
        .containsExactly(
            "put user/7 1 [user/7, public]",
            "put public 1 [user/7, public]",
            "put user/7 1 [user/7, user/8, public]",
            "put user/8 1 [user/7, user/8, public]",
            "put public 1 [user/7, user/8, public]",
            "put user/8 1 [user/8, user/7, public]",
            "put user/7 1 [user/8, user/7, public]",
            "put public 1 [user/8, user/7, public]");
  }

  @Test
  void aTruncateIsToldOnceForTheWholeType() throws Exception {
    EntityType type = rig.scopedTable("emptied", "id int PRIMARY KEY, a int", A, "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, 2)");
    rig.sql("TRUNCATE " + type.name());
    rig.sql("INSERT INTO " + type.name() + " VALUES (99, 1)");

    assertThat(rig.told(type, 99))
        .containsExactly("put a/1 1 [a/1]", "put a/2 2 [a/2]", "truncate null null []");
  }

  @Test
  void aChangedKeyIsARemovalOfTheOldEntity() throws Exception {
    EntityType type = rig.scopedTable("rekeyed", "id int PRIMARY KEY, a int", A, "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1)");
    rig.sql("UPDATE " + type.name() + " SET id = 2");
    rig.sql("INSERT INTO " + type.name() + " VALUES (99, 1)");

    assertThat(rig.told(type, 99))
        .containsExactly("put a/1 1 [a/1]", "remove a/1 1 []", "put a/1 2 [a/1]");
  }

  @Test
  void aTypeWithoutScopesIsToldToNobody() throws Exception {
    EntityType silent = rig.scopedTable("silent", "id int PRIMARY KEY", List.of(), "id");
    EntityType type = rig.scopedTable("loud", "id int PRIMARY KEY, a int", A, "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + silent.name() + " VALUES (1)");
    rig.sql("DELETE FROM " + silent.name());
    rig.sql("TRUNCATE " + silent.name());
    rig.sql("INSERT INTO " + type.name() + " VALUES (99, 1)");

    assertThat(rig.told(type, 99)).isEmpty();
    assertThat(rig.read(Topics.SCOPED_CHANGE))
        .extracting(told -> told.value().type())
        .doesNotContain(silent.name());
  }

  @Test
  void aTransactionIsCommittedAtOnce() throws Exception {
    EntityType type = rig.scopedTable("whole", "id int PRIMARY KEY, a int", A, "id");
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " SELECT i, 1 FROM generate_series(1, 3000) i");
    assertThat(rig.scoped(type, all -> all.size() == 3000))
        .extracting(ConsumerRecord::offset)
        .satisfies(ScopedTest::haveNothingBetween);
  }

  @Test
  void theRestOfATransactionIsWaitedFor() throws Exception {
    EntityType type = rig.scopedTable("waiting", "id int PRIMARY KEY, a int", A, "id");
    rig.sql("CREATE TABLE " + rig.name() + "_unseen (id int)");
    rig.startStreaming();
    // What nobody captures takes Postgres longer than a poll takes.
    rig.sql(
        "BEGIN; INSERT INTO %1$s VALUES (1, 1); INSERT INTO %2$s_unseen SELECT generate_series(1, 1000000); INSERT INTO %1$s VALUES (2, 1); COMMIT"
            .formatted(type.name(), rig.name()));
    assertThat(rig.scoped(type, all -> all.size() == 2))
        .extracting(ConsumerRecord::offset)
        .satisfies(ScopedTest::haveNothingBetween);
  }

  @Test
  void ofManyTransactionsEachIsWhole() throws Exception {
    EntityType type = rig.scopedTable("many", "id int PRIMARY KEY, a int", A, "id");
    rig.startStreaming();
    rig.sql(
        "DO $$ BEGIN FOR i IN 1..2000 LOOP INSERT INTO %s SELECT i * 3 + j, 1 FROM generate_series(0, 2) j; COMMIT; END LOOP; END $$"
            .formatted(type.name()));
    List<ConsumerRecord<String, ScopedChange>> told = rig.scoped(type, all -> all.size() == 6000);
    for (int i = 0; i < told.size(); i += 3) {
      assertThat(told.subList(i, i + 3))
          .extracting(ConsumerRecord::offset)
          .satisfies(ScopedTest::haveNothingBetween);
    }
    assertThat(told.getLast().offset() - told.getFirst().offset()).isGreaterThan(6000);
  }

  /** The mark of a transaction of Kafka takes an offset. */
  private static void haveNothingBetween(List<? extends Long> offsets) {
    assertThat(offsets.getLast() - offsets.getFirst()).isEqualTo(offsets.size() - 1);
  }

  @Test
  void aRecordSaysWhatItsChangeSays() throws Exception {
    EntityType type =
        rig.scopedTable(
            "event", "id text PRIMARY KEY, a int, n numeric", List.of("a/{a}", "public"), "id");
    rig.startStreaming();
    rig.sql(
        "BEGIN; SELECT pg_logical_emit_message(true, 'tidemark.origin',"
            + " '{\"device\": \"d1\", \"operation\": \"op7\", \"sequence\": 3}'); INSERT INTO "
            + type.name()
            + " VALUES ('x/\"1\"', 7, 1.50); COMMIT");

    List<ConsumerRecord<String, ScopedChange>> told = rig.scoped(type, all -> all.size() == 2);
    EntityChange change = rig.changes(type, 1).getFirst();
    for (int i = 0; i < 2; i++) {
      ConsumerRecord<String, ScopedChange> record = told.get(i);
      ScopedChange value = record.value();
      assertThat(record.partition()).isZero();
      assertThat(record.key()).isEqualTo(value.key());
      assertThat(record.timestamp()).isEqualTo(change.committedAt().toEpochMilli());
      assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
      assertThat(header(record, "ce_type")).isEqualTo("dev.tidemark.scoped-change.v1");
      assertThat(header(record, "ce_source")).isEqualTo("/tidemark/" + rig.slot());
      assertThat(header(record, "ce_subject")).isEqualTo(type.name() + "/x%2F\"1\"");
      assertThat(header(record, "ce_time")).isEqualTo(change.committedAt().toString());
      assertThat(header(record, "ce_id"))
          .isEqualTo(change.version() + "-" + change.transaction() + "-0-" + i);
      assertThat(header(record, "content-type")).isEqualTo("application/json");
      assertThat(value)
          .isEqualTo(
              new ScopedChange(
                  i == 0 ? "a/7" : "public",
                  List.of("a/7", "public"),
                  type.name(),
                  CaptureRig.id(change),
                  ScopedChange.Kind.PUT,
                  change.version(),
                  change.transaction(),
                  change.committedAt(),
                  new Origin("d1", "op7"),
                  json("{\"id\":\"x/\\\"1\\\"\",\"a\":7,\"n\":\"1.50\"}")));
    }
  }

  @Test
  void theOrderIsThatOfTheCommits() throws Exception {
    EntityType one = rig.scopedTable("one", "id int PRIMARY KEY, a int", A, "id");
    EntityType two = rig.scopedTable("two", "id int PRIMARY KEY, a int", A, "id");
    rig.startStreaming();
    try (Connection slow = rig.connect();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      for (int i = 0; i < 50; i++) {
        statement.execute("INSERT INTO " + one.name() + " VALUES (" + i + ", 1)");
        rig.sql("INSERT INTO " + two.name() + " VALUES (" + i + ", 1)");
        statement.execute("INSERT INTO " + two.name() + " VALUES (" + (100 + i) + ", 1)");
      }
      slow.commit();
    }
    rig.sql("UPDATE " + two.name() + " SET a = 2 WHERE id = 7");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      expected.add("put a/1 " + i + " [a/1]");
    }
    for (int i = 0; i < 50; i++) {
      expected.add("put a/1 " + i + " [a/1]");
      expected.add("put a/1 " + (100 + i) + " [a/1]");
    }
    expected.add("remove a/1 7 [a/2]");
    expected.add("put a/2 7 [a/2]");

    rig.scoped(two, told -> told.size() == 102);
    assertThat(
            rig.read(Topics.SCOPED_CHANGE).stream()
                .map(ConsumerRecord::value)
                .filter(told -> told.type().startsWith(rig.name() + "_"))
                .map(CaptureRig::line))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void eachIsToldOnceOverRestarts() throws Exception {
    EntityType type = rig.scopedTable("again", "id int PRIMARY KEY, a int", A, "id");
    Capture capture = rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " SELECT i, 1 FROM generate_series(1, 20) i");
    try (Connection open = rig.connect();
        Statement statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("UPDATE " + type.name() + " SET a = 2 WHERE id <= 10");
      rig.sql("UPDATE " + type.name() + " SET a = 3 WHERE id > 10");
      rig.scoped(type, told -> told.size() >= 40);
      capture.close();
      statement.execute("DELETE FROM " + type.name() + " WHERE id <= 5");
      open.commit();
    }
    rig.startStreaming().close();
    rig.sql("DELETE FROM " + type.name());
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (99, 1)");

    List<ConsumerRecord<String, ScopedChange>> told =
        rig.scoped(type, all -> "99".equals(all.getLast().value().id()));
    assertThat(told).extracting(record -> header(record, "ce_id")).doesNotHaveDuplicates();
    assertThat(told).hasSize(20 + 2 * 10 + 2 * 10 + 5 + 15 + 1);
    assertThat(told).extracting(record -> record.value().scope()).doesNotContainNull();
  }

  @Test
  void aTransactionThatIsSentInTwoPartsIsToldOnce() throws Exception {
    int rows = 40_000;
    EntityType type = rig.scopedTable("halved", "id int PRIMARY KEY, a int", A, "id");
    Capture capture = rig.startStreaming();
    long end = rig.end(Topics.SCOPED_CHANGE);
    rig.sql("INSERT INTO " + type.name() + " SELECT i, 1 FROM generate_series(1, " + rows + ") i");
    await("the first part is told")
        .atMost(CaptureRig.PATIENCE)
        .until(() -> !rig.read(Topics.SCOPED_CHANGE, end).isEmpty());
    capture.close();
    assertThat(rig.read(Topics.SCOPED_CHANGE, end))
        .as("it was sent in part")
        .hasSizeBetween(1, rows - 1);
    rig.startStreaming();
    rig.sql("INSERT INTO " + type.name() + " VALUES (0, 1)");

    List<ConsumerRecord<String, ScopedChange>> told =
        rig.scoped(type, all -> "0".equals(all.getLast().value().id()));
    assertThat(told.stream().map(record -> record.value().id()).limit(rows))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, rows).mapToObj(Integer::toString).toList());
    assertThat(told).hasSize(rows + 1);
  }

  @Test
  void whatIsPutAsideIsToldOnlyToWhomItIsGone() throws Exception {
    EntityType type = rig.scopedTable("huge", "id int PRIMARY KEY, a int, s text", A, "id");
    rig.startStreaming();
    int half = rig.settings().maxRecordBytes() / 2;
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1, repeat('x', " + half + "))");
    rig.sql("UPDATE " + type.name() + " SET s = s || s, a = 2");
    rig.sql("UPDATE " + type.name() + " SET s = s || '!'");
    rig.sql("INSERT INTO " + type.name() + " VALUES (99, 1)");

    assertThat(rig.told(type, 99)).containsExactly("put a/1 1 [a/1]", "remove a/1 1 [a/2]");
    assertThat(rig.read(Topics.DEAD_LETTER))
        .filteredOn(record -> header(record, "ce_subject").equals(type.name() + "/1"))
        .hasSize(2);
  }

  @Test
  void whereTheLogHasNoOldRowItIsRemovedEverywhereElse() throws Exception {
    String table = rig.name() + "_parts";
    rig.sql(
        """
        CREATE TABLE %1$s (id int PRIMARY KEY, a int NOT NULL, s text, d int NOT NULL DEFAULT 5,
          b bool NOT NULL, i2 int2 NOT NULL, i8 int8 NOT NULL, o oid NOT NULL, f4 float4 NOT NULL,
          f8 float8 NOT NULL, t text NOT NULL, v varchar(5) NOT NULL, c char(3) NOT NULL,
          u uuid NOT NULL, n numeric NOT NULL, ts timestamptz NOT NULL, j jsonb NOT NULL)
        PARTITION BY HASH (id)"""
            .formatted(table));
    rig.sql(
        "CREATE TABLE %1$s_0 PARTITION OF %1$s FOR VALUES WITH (MODULUS 1, REMAINDER 0)"
            .formatted(table));
    EntityType type = rig.typeOf(table, A, "id");
    rig.startStreaming();
    String rest =
        ", 1, 's', 6, true, 1, 1, 1, 1, 1, 't', 'v', 'c',"
            + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1, now(), '{}')";
    rig.sql("INSERT INTO " + table + " VALUES (1" + rest);
    rig.sql("UPDATE " + table + " SET a = 2");
    rig.sql("DELETE FROM " + table);
    rig.sql("INSERT INTO " + table + " VALUES (99" + rest);

    assertThat(rig.changes(type, 3))
        .filteredOn(change -> change.kind() == ChangeKind.UPDATE)
        .extracting(EntityChange::before)
        .containsOnlyNulls();
    assertThat(rig.told(type, 99))
        .containsExactly(
            "put a/1 1 [a/1]", "remove null 1 [a/2]", "put a/2 1 [a/2]", "remove null 1 []");
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
