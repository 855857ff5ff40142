package dev.tidemark.connectors.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.servers.Servers;
import java.io.IOException;
import java.sql.SQLException;
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

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static String id(EntityChange change) {
    EntityKey key = change.key();
    return key == null ? "" : key.id();
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
