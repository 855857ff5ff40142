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
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.servers.Servers;
import java.sql.SQLException;
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
}
