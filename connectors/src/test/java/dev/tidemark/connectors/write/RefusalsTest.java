package dev.tidemark.connectors.write;

import static dev.tidemark.connectors.write.WriterRig.insert;
import static dev.tidemark.connectors.write.WriterRig.json;
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
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.servers.Servers;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be written is named, and stops nothing else. */
class RefusalsTest {
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
    assertThat(rig.rejection(unique))
        .isEqualTo(
            json(
                "{'code': 'unique_violation', 'table': '"
                    + type.table()
                    + "', 'detail': 'another row has the same a, b', 'columns': ['a', 'b'],"
                    + " 'constraint': 'one_of_a_kind'}"));
    assertThat(rig.rejection(inserted).get("code").textValue()).isEqualTo("unique_violation");
    assertThat(rig.rejection(reference).get("code").textValue()).isEqualTo("foreign_key_violation");
    assertThat(rig.rejection(reference).get("column").textValue()).isEqualTo("owner");
    assertThat(rig.rejection(must).get("code").textValue()).isEqualTo("not_null_violation");
    assertThat(rig.rejection(must).get("column").textValue()).isEqualTo("must");
    assertThat(rig.rejection(check).get("code").textValue()).isEqualTo("check_violation");
    assertThat(rig.rejection(check).get("constraint").textValue()).isEqualTo("positive_n");
    assertThat(rig.rejection(check).get("column").textValue()).isEqualTo("n");
    assertThat(rig.rejection(value).get("code").textValue()).isEqualTo("invalid_value");
    assertThat(rig.rejection(raised).get("code").textValue()).isEqualTo("raised");
    assertThat(rig.rejection(raised).get("detail").textValue()).isEqualTo("no bad things");
    assertThat(rig.rejection(column).get("code").textValue()).isEqualTo("unknown_column");
    assertThat(rig.rejection(generated).get("code").textValue()).isEqualTo("generated_column");
    assertThat(rig.rejection(bytes).get("column").textValue()).isEqualTo("by");
    assertThat(rig.rejection(zero).get("code").textValue()).isEqualTo("invalid_value");
    assertThat(rig.ledger(zero).get("data")).isEmpty();
    assertThat(rig.ledger(value).get("data")).isEqualTo(json("{'d': '2026-13-99'}"));
    assertThat(rig.rejection(key).get("code").textValue()).isEqualTo("invalid_value");
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
    assertThat(rig.rejection(bad).get("code").textValue()).isEqualTo("unique_violation");
    assertThat(rig.rejection(bad).get("column").textValue()).isEqualTo("a");
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
    assertThat(rig.rejection(unknown).get("code").textValue()).isEqualTo("unknown_column");
    assertThat(rig.value("SELECT to_jsonb(t)::text FROM " + type.table().quoted() + " AS t"))
        .isEqualTo("{\"a;b'c\": \"new\", \"Select\": 7, \"the \\\"key\\\"\": \"a,b/c%+ä\"}");
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
    assertThat(rig.rejection(unknown).get("code").textValue()).isEqualTo("unknown_type");
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
}
