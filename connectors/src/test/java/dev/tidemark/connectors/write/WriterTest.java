package dev.tidemark.connectors.write;

import static dev.tidemark.connectors.write.WriterRig.delete;
import static dev.tidemark.connectors.write.WriterRig.insert;
import static dev.tidemark.connectors.write.WriterRig.json;
import static dev.tidemark.connectors.write.WriterRig.none;
import static dev.tidemark.connectors.write.WriterRig.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.Reference;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.servers.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriterTest {
  private static Servers servers;
  private WriterRig rig;

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
    rig = new WriterRig(servers.postgresUrl(), servers.kafka());
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @Test
  void rowsAreInsertedUpdatedAndDeletedAndTheLedgerHasIt() throws Exception {
    EntityType type = rig.type("note", "id int PRIMARY KEY, s text, n numeric, j jsonb");
    rig.sql("INSERT INTO " + type.name() + " VALUES (2, 'a', 1.50, '{}'), (3, 'b', 2, NULL)");
    RowWrite insert = insert(type, "1", "{'id': 1, 's': 'new', 'n': '12.50', 'j': {'k': [1]}}");
    RowWrite update = update(type, "2", "{'s': 'changed'}", "{'s': 'a', 'n': '1.50', 'j': {}}");
    RowWrite delete = delete(type, "3", "{'s': 'b', 'j': null}");
    RowWrite there = none(type, "2", new Expected.Present(json("{'n': '1.50'}")));
    RowWrite gone = none(type, "9", new Expected.Absent());
    rig.send(insert, update, delete, there, gone);
    Writer writer = rig.start();

    for (RowWrite write : new RowWrite[] {insert, update, delete, there, gone}) {
      assertThat(rig.result(write)).isEqualTo("applied");
    }
    assertThat(rig.value("SELECT jsonb_agg(t ORDER BY id)::text FROM " + type.name() + " AS t"))
        .isEqualTo(
            "[{\"j\": {\"k\": [1]}, \"n\": 12.50, \"s\": \"new\", \"id\": 1},"
                + " {\"j\": {}, \"n\": 1.50, \"s\": \"changed\", \"id\": 2}]");
    ObjectNode row = rig.ledger(insert);
    assertThat(row.get("device_id").textValue()).isEqualTo("tablet-1");
    assertThat(row.get("data")).isEqualTo(json("{'j':{'k':[1]},'n':'12.50','s':'new','id':1}"));
    assertThat(row.get("decision")).isEqualTo(json("{'why': 'test'}"));
    assertThat(row.get("sequence").intValue()).isEqualTo(7);
    assertThat(row.get("request_id").textValue()).isEqualTo("request-1");
    assertThat(row.get("conflict_fields")).isEmpty();
    await().atMost(WriterRig.PATIENCE).until(() -> writer.health().up());
    await()
        .atMost(WriterRig.PATIENCE)
        .untilAsserted(
            () -> assertThat(rig.count("tidemark.writer.writes", "written")).isEqualTo(5));
    assertThat(writer.health().state()).isEqualTo(WriterHealth.State.WRITING);
  }

  @Test
  void aRowThatIsNotAsExpectedIsStale() throws Exception {
    EntityType type = rig.type("cas", "id int PRIMARY KEY, s text, n int");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 'server', 1), (2, 'x', 1), (3, 'y', 1)");
    RowWrite update = update(type, "1", "{'n': 2}", "{'s': 'device'}");
    RowWrite delete = delete(type, "2", "{'s': 'z'}");
    RowWrite insert = insert(type, "3", "{'s': 'new'}");
    RowWrite vanished = update(type, "4", "{'n': 2}", "{'s': 'x'}");
    RowWrite unchanged = none(type, "1", new Expected.Absent());
    RowWrite good = update(type, "3", "{'n': 5}", "{'n': 1}");
    rig.send(update, delete, insert, vanished, unchanged, good);
    rig.start();

    for (RowWrite write : new RowWrite[] {update, delete, insert, vanished, unchanged}) {
      assertThat(rig.answer(write).kind()).as("%s", write).isEqualTo(WriteAnswer.Kind.STALE);
    }
    assertThat(rig.result(good)).isEqualTo("applied");
    assertThat(rig.value("SELECT string_agg(n::text, ',' ORDER BY id) FROM " + type.name()))
        .isEqualTo("1,1,5");
    assertThat(
            rig.value(
                "SELECT count(*) FROM tidemark.ledger WHERE entity_type = '" + type.name() + "'"))
        .isEqualTo("1");
  }

  @Test
  void parentsComeBeforeChildrenWhateverTheOrderOfTheirArrival() throws Exception {
    EntityType parent = rig.type("parent", "id int PRIMARY KEY");
    EntityType child =
        rig.type(
            "child",
            "id int PRIMARY KEY, parent int NOT NULL REFERENCES " + parent.name(),
            List.of(new Reference("parent", parent.name())),
            "id");
    rig.sql("INSERT INTO " + parent.name() + " VALUES (7), (8)");
    rig.sql("INSERT INTO " + child.name() + " VALUES (70, 7), (71, 8)");
    // One partition, so that they come in one poll.
    RowWrite[] writes = {
      insert(child, "10", "{'parent': 1}"),
      insert(parent, "1", "{}"),
      delete(parent, "7", "{}"),
      delete(child, "70", "{'parent': 7}"),
      update(child, "71", "{'parent': 1}", "{'parent': 8}")
    };
    rig.sendToOnePartition(writes);
    rig.start();

    for (RowWrite write : writes) {
      assertThat(rig.result(write)).as("%s", write.key()).isEqualTo("applied");
    }
    assertThat(
            rig.value(
                "SELECT count(DISTINCT xmin::text) FROM tidemark.ledger WHERE entity_type"
                    + " IN ('"
                    + parent.name()
                    + "', '"
                    + child.name()
                    + "')"))
        .isEqualTo("1");
  }

  @Test
  void whatIsDeliveredAgainIsDoneOnce() throws Exception {
    EntityType type = rig.type("again", "id int PRIMARY KEY, n int");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, 1)");
    RowWrite update = update(type, "1", "{'n': 2}", "{}");
    RowWrite insert = insert(type, "3", "{'n': 1}");
    RowWrite none = none(type, "2", new Expected.Present(json("{'n': 1}")));
    rig.send(update, insert, none);
    Writer first = rig.start();
    rig.result(update);
    rig.result(insert);
    rig.result(none);
    first.close();
    rig.sql("UPDATE " + type.name() + " SET n = 50 WHERE id = 1");
    rig.forgetOffsets();
    rig.start();

    for (RowWrite write : new RowWrite[] {update, insert, none}) {
      WriteAnswer answer = rig.answer(write);
      assertThat(answer.kind()).isEqualTo(WriteAnswer.Kind.DUPLICATE);
      assertThat(answer.operations()).containsExactly(operation(write));
    }
    assertThat(rig.value("SELECT string_agg(n::text, ',' ORDER BY id) FROM " + type.name()))
        .isEqualTo("50,1,1");
  }

  @Test
  void anOperationThatComesTwiceAtOnceIsDoneOnce() throws Exception {
    EntityType type = rig.type("twice", "id int PRIMARY KEY, n int");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, 1)");
    RowWrite update = update(type, "1", "{'n': 2}", "{}");
    RowWrite both = WriterRig.together(update);
    RowWrite neighbour = update(type, "2", "{'n': 2}", "{}");
    rig.send(update, neighbour, both);
    rig.start();

    assertThat(rig.result(update)).isEqualTo("applied");
    assertThat(rig.result(neighbour)).isEqualTo("applied");
    WriteAnswer answer = rig.answer(both);
    assertThat(answer.kind()).isEqualTo(WriteAnswer.Kind.DUPLICATE);
    assertThat(answer.operations()).containsExactly(operation(update));
  }

  @Test
  void aRowThatSomebodyElseHoldsIsLockedAndTheOthersGoOn() throws Exception {
    EntityType type = rig.type("held", "id int PRIMARY KEY, n int");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, 1)");
    RowWrite held = update(type, "1", "{'n': 2}", "{'n': 1}");
    RowWrite free = update(type, "2", "{'n': 2}", "{'n': 1}");
    RowWrite key = insert(type, "3", "{'n': 1}");
    try (Connection other = rig.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE " + type.name() + " SET n = n WHERE id = 1");
      statement.execute("INSERT INTO " + type.name() + " VALUES (3, 1)");
      rig.send(held, free, key);
      rig.start();
      assertThat(rig.result(free)).isEqualTo("applied");
      assertThat(rig.answer(held).kind()).isEqualTo(WriteAnswer.Kind.LOCKED);
      assertThat(rig.answer(key).kind()).isEqualTo(WriteAnswer.Kind.LOCKED);
      other.rollback();
    }
    rig.send(held);
    assertThat(rig.result(held)).isEqualTo("applied");
  }

  @Test
  void aTableMayChangeWhileTheWriterRuns() throws Exception {
    EntityType type = rig.type("changing", "id int PRIMARY KEY, n int");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1)");
    rig.start();
    RowWrite before = update(type, "1", "{'n': 2}", "{'n': 1}");
    rig.send(before);
    assertThat(rig.result(before)).isEqualTo("applied");
    rig.sql("ALTER TABLE " + type.name() + " ADD COLUMN s text, ALTER COLUMN n TYPE text");
    RowWrite retyped = update(type, "1", "{'n': 'three', 's': 'x'}", "{'n': '2'}");
    rig.send(retyped);

    assertThat(rig.result(retyped)).isEqualTo("applied");
    assertThat(rig.value("SELECT n || s FROM " + type.name())).isEqualTo("threex");
  }

  @Test
  void batchesAndDevicesAreWrittenDownOnce() throws Exception {
    SubmittedBatch first = batch("device-9", "b1", "2026-01-20T10:00:00Z", 1);
    SubmittedBatch second = batch("device-9", "b2", "2026-01-20T11:00:00Z", 2);
    SubmittedBatch other = batch("device-10", "b1", "2026-01-20T12:00:00Z", 1);
    rig.send(first, second, other, first);
    rig.start();
    await()
        .atMost(WriterRig.PATIENCE)
        .until(
            () ->
                "1 b1"
                    .equals(
                        rig.value(
                            "SELECT batches || ' ' || last_batch FROM tidemark.device"
                                + " WHERE device_id = 'device-10'")));
    rig.send(second, batch("device-9", "b3", "2026-01-20T09:00:00Z", 3));
    await()
        .atMost(WriterRig.PATIENCE)
        .until(
            () ->
                "3 b2 2026-01-20 09:00:00"
                    .equals(
                        rig.value(
                            "SELECT batches || ' ' || last_batch || ' ' ||"
                                + " (first_seen AT TIME ZONE 'UTC') FROM tidemark.device"
                                + " WHERE device_id = 'device-9'")));
    assertThat(
            rig.value(
                "SELECT cardinality(operations) || ' ' || indexes::text || ' ' || errors || ' ' || open"
                    + " FROM tidemark.batch WHERE device_id = 'device-9' AND batch_id = 'b2'"))
        .isEqualTo("2 {0,1} [{\"index\": 5, \"problem\": {\"title\": \"no\"}}] true");
  }

  @Test
  void changesAreAnnouncedWithWhoCausedThem() throws Exception {
    EntityType type = rig.type("announced", "id int PRIMARY KEY, n int");
    rig.sql("SELECT pg_create_logical_replication_slot('announced', 'test_decoding')");
    try {
      RowWrite insert = insert(type, "1", "{'n': 1}");
      rig.send(insert);
      rig.start();
      rig.result(insert);
      List<String> log =
          rig.values("SELECT data FROM pg_logical_slot_get_changes('announced', NULL, NULL)");
      assertThat(log)
          .filteredOn(line -> line.startsWith("message"))
          .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
          .contains("tidemark.origin")
          .contains(
              "{\"entities\":[[\""
                  + type.name()
                  + "/1\",{\"device\":\"tablet-1\",\"operation\":\""
                  + operation(insert)
                  + "\",\"sequence\":7}]]}");
      assertThat(log)
          .extracting(line -> line.split(":", 2)[0].replaceAll("[0-9]+$", ""))
          .containsSubsequence(
              "message",
              "table public." + type.name().replaceAll("[0-9]+$", ""),
              "table tidemark.ledger");
    } finally {
      rig.sql("SELECT pg_drop_replication_slot('announced')");
    }
  }

  private static String operation(RowWrite write) {
    return write.entries().getLast().submission().operation().id();
  }

  private static SubmittedBatch batch(String device, String id, String received, int operations) {
    List<SubmittedBatch.Accepted> accepted = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      accepted.add(new SubmittedBatch.Accepted(i, UUID.randomUUID().toString()));
    }
    return new SubmittedBatch(
        device,
        id,
        Instant.parse(received),
        null,
        Duration.ofMillis(-5),
        "request",
        accepted,
        List.of(new SubmittedBatch.Invalid(5, json("{'title': 'no'}"))));
  }
}
