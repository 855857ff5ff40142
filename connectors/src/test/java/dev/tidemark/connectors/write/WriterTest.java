package dev.tidemark.connectors.write;

import static dev.tidemark.connectors.write.WriterRig.delete;
import static dev.tidemark.connectors.write.WriterRig.insert;
import static dev.tidemark.connectors.write.WriterRig.json;
import static dev.tidemark.connectors.write.WriterRig.none;
import static dev.tidemark.connectors.write.WriterRig.update;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.Reference;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.RowEffect;
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
import java.util.Map;
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
  void whatTheDatabaseRefusesIsNamedAndHurtsNobodyElse() throws Exception {
    EntityType parent = rig.type("owner", "id int PRIMARY KEY");
    EntityType type =
        rig.type(
            "strict",
            "id int PRIMARY KEY, a text, b text, n int CONSTRAINT positive_n CHECK (n > 0),"
                + " must text NOT NULL DEFAULT 'm', owner int REFERENCES "
                + parent.name()
                + ", d date, by bytea, twice int GENERATED ALWAYS AS (n * 2) STORED,"
                + " CONSTRAINT one_of_a_kind UNIQUE (a, b)",
            List.of(new Reference("owner", parent.name())),
            "id");
    rig.sql(
        "CREATE FUNCTION public.complain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF NEW.a = 'bad' THEN RAISE EXCEPTION 'no bad things'; END IF; RETURN NEW; END $$");
    rig.sql(
        "CREATE TRIGGER complain BEFORE INSERT OR UPDATE ON "
            + type.name()
            + " FOR EACH ROW EXECUTE FUNCTION public.complain()");
    rig.sql(
        "INSERT INTO "
            + type.name()
            + " (id, a, b, n) SELECT i, 'a' || i, 'b', 1 FROM generate_series(1, 20) i");
    List<RowWrite> good =
        List.of(
            update(type, "19", "{'a': 'fine'}", "{}"),
            update(type, "20", "{'n': 3}", "{}"),
            insert(type, "100", "{'a': 'fine', 'b': 'too'}"));
    rig.send(good.get(0));
    RowWrite unique = update(type, "1", "{'a': 'a2'}", "{}");
    RowWrite reference = update(type, "2", "{'owner': 99}", "{}");
    RowWrite must = update(type, "3", "{'must': null}", "{}");
    RowWrite check = update(type, "4", "{'n': 0}", "{}");
    RowWrite value = update(type, "5", "{'d': '2026-13-99'}", "{}");
    RowWrite raised = update(type, "6", "{'a': 'bad'}", "{}");
    RowWrite column = update(type, "7", "{'nope': 1}", "{}");
    RowWrite generated = update(type, "8", "{'twice': 1}", "{}");
    RowWrite bytes = update(type, "9", "{'by': '***'}", "{}");
    RowWrite zero = update(type, "10", "{'a': '\\u0000'}", "{}");
    RowWrite key = update(type, "x", "{'n': 1}", "{}");
    RowWrite inserted = insert(type, "101", "{'a': 'a5', 'b': 'b'}");
    RowWrite split = WriterRig.together(update(type, "11", "{'n': -1}", "{}"));
    RowWrite orphan = WriterRig.patient(insert(type, "102", "{'owner': 98}"));
    rig.send(unique, reference, must, check, value, raised, column, generated, bytes, zero, key);
    rig.send(inserted, split, orphan, good.get(1), good.get(2));
    rig.start();

    good.forEach(write -> assertThat(rig.result(write)).isEqualTo("applied"));
    assertThat(error(unique))
        .isEqualTo(
            json(
                "{'code': 'unique_violation', 'table': '"
                    + type.table()
                    + "', 'detail': 'another row has the same a, b', 'columns': ['a', 'b'],"
                    + " 'constraint': 'one_of_a_kind'}"));
    assertThat(error(inserted).get("code").textValue()).isEqualTo("unique_violation");
    assertThat(error(reference).get("code").textValue()).isEqualTo("foreign_key_violation");
    assertThat(error(reference).get("column").textValue()).isEqualTo("owner");
    assertThat(error(must).get("code").textValue()).isEqualTo("not_null_violation");
    assertThat(error(must).get("column").textValue()).isEqualTo("must");
    assertThat(error(check).get("code").textValue()).isEqualTo("check_violation");
    assertThat(error(check).get("constraint").textValue()).isEqualTo("positive_n");
    assertThat(error(check).get("column").textValue()).isEqualTo("n");
    assertThat(error(value).get("code").textValue()).isEqualTo("invalid_value");
    assertThat(error(raised).get("code").textValue()).isEqualTo("raised");
    assertThat(error(raised).get("detail").textValue()).isEqualTo("no bad things");
    assertThat(error(column).get("code").textValue()).isEqualTo("unknown_column");
    assertThat(error(generated).get("code").textValue()).isEqualTo("generated_column");
    assertThat(error(bytes).get("column").textValue()).isEqualTo("by");
    assertThat(error(zero).get("code").textValue()).isEqualTo("invalid_value");
    assertThat(rig.ledger(zero).get("data")).isEmpty();
    assertThat(rig.ledger(value).get("data")).isEqualTo(json("{'d': '2026-13-99'}"));
    assertThat(error(key).get("code").textValue()).isEqualTo("invalid_value");
    assertThat(rig.answer(split).kind()).isEqualTo(WriteAnswer.Kind.SPLIT);
    assertThat(rig.answer(orphan).kind()).isEqualTo(WriteAnswer.Kind.PARENT_MISSING);
    assertThat(rig.value("SELECT count(*) FROM " + type.name() + " WHERE id <= 11 AND n = 1"))
        .isEqualTo("11");
  }

  @Test
  void constraintsThatAreCheckedLateAreFoundInTime() throws Exception {
    EntityType type =
        rig.type("late", "id int PRIMARY KEY, a text UNIQUE DEFERRABLE INITIALLY DEFERRED, n int");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 1)");
    RowWrite bad = update(type, "1", "{'a': 'b'}", "{}");
    RowWrite good = update(type, "3", "{'a': 'd'}", "{}");
    rig.send(bad, good);
    rig.start();

    assertThat(rig.result(good)).isEqualTo("applied");
    assertThat(error(bad).get("code").textValue()).isEqualTo("unique_violation");
    assertThat(error(bad).get("column").textValue()).isEqualTo("a");
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
  void namesAndKeysMayBeAnything() throws Exception {
    EntityType type =
        rig.type(
            "Odd \"Table\"",
            "\"the \"\"key\"\"\" text, \"Select\" int, \"a;b'c\" text,"
                + " PRIMARY KEY (\"the \"\"key\"\"\", \"Select\")",
            List.of(),
            "the \"key\"",
            "Select");
    ObjectNode row = json("{}").put("a;b'c", "it's");
    RowWrite insert =
        WriterRig.write(
            type,
            "a%2Cb%2Fc%25+ä,7",
            new RowEffect.Insert(row),
            new Expected.Absent(),
            OperationKind.CREATE);
    RowWrite update =
        WriterRig.write(
            type,
            "a%2Cb%2Fc%25+ä,7",
            new RowEffect.Update(json("{}").put("a;b'c", "new")),
            new Expected.Present(row),
            OperationKind.UPDATE);
    RowWrite unknown = update(type, "a,7", "{'x\\\"; DROP TABLE y; --': 1}", "{}");
    rig.send(insert, update, unknown);
    rig.start();

    assertThat(rig.result(insert)).isEqualTo("applied");
    assertThat(rig.result(update)).isEqualTo("applied");
    assertThat(error(unknown).get("code").textValue()).isEqualTo("unknown_column");
    assertThat(rig.value("SELECT to_jsonb(t)::text FROM " + type.table().quoted() + " AS t"))
        .isEqualTo("{\"a;b'c\": \"new\", \"Select\": 7, \"the \\\"key\\\"\": \"a,b/c%+ä\"}");
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
  void whatCannotBeUnderstoodIsPutAside() throws Exception {
    EntityType type = rig.type("poison", "id int PRIMARY KEY");
    byte[] nonsense = "nonsense".getBytes(UTF_8);
    rig.sendRaw(Topics.WRITE.name(), "x/1".getBytes(UTF_8), nonsense);
    RowWrite good = insert(type, "1", "{}");
    RowWrite unknown =
        WriterRig.write(
            new EntityType(
                "nobody",
                "",
                type.table(),
                List.of("id"),
                List.of(),
                List.of(),
                List.of(),
                Map.of()),
            "1",
            new RowEffect.Delete(),
            new Expected.Present(json("{}")),
            OperationKind.DELETE);
    rig.send(unknown, good);
    rig.start();

    assertThat(rig.result(good)).isEqualTo("applied");
    assertThat(error(unknown).get("code").textValue()).isEqualTo("unknown_type");
    await()
        .atMost(WriterRig.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(rig.read(Topics.DEAD_LETTER))
                    .anySatisfy(
                        letter -> {
                          assertThat(letter.value()).isEqualTo(nonsense);
                          assertThat(letter.headers().lastHeader(DeadLetterHeaders.TOPIC).value())
                              .isEqualTo(Topics.WRITE.name().getBytes(UTF_8));
                          assertThat(letter.headers().lastHeader(DeadLetterHeaders.REASON).value())
                              .isNotEmpty();
                        }));
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

  private ObjectNode error(RowWrite write) {
    ObjectNode row = rig.ledger(write);
    assertThat(row.get("result").textValue()).isEqualTo("rejected");
    assertThat(row.get("reason").textValue()).isEqualTo("rejected");
    return (ObjectNode) row.get("error");
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
