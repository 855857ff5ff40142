package dev.tidemark.connectors.capture;

import static dev.tidemark.connectors.capture.CaptureRig.id;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.servers.Servers;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What capture makes of a transaction that carries out operations. */
class OutcomeTest {
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
  void openRig() throws SQLException {
    rig = new CaptureRig(servers);
  }

  @AfterEach
  void closeRig() throws SQLException {
    rig.close();
  }

  @Test
  void anOutcomeHasTheVersionAndTheRowOfItsOwnTransaction() throws Exception {
    EntityType type = rig.table("settled", "id int PRIMARY KEY, visits int, doc json", "id");
    rig.startStreaming();
    String written = UUID.randomUUID().toString();
    String kept = UUID.randomUUID().toString();
    rig.sql(
        """
        BEGIN;
        SELECT pg_logical_emit_message(true, 'tidemark.origin', '{"entities": [["%1$s/1",
          {"device": "d1", "operation": "%2$s", "sequence": 7, "sent": {"visits": 5}}]]}');
        INSERT INTO %1$s VALUES (1, 6, '{"a": 1.50}'), (2, 0, null);
        %3$s;
        %4$s;
        COMMIT
        """
            .formatted(type.name(), written, ledger(written, type, 1), ledger(kept, type, 3)));

    List<EntityChange> changes = rig.changes(type, 2);
    EntityChange touched =
        changes.stream().filter(change -> id(change).equals("1")).findFirst().orElseThrow();
    assertThat(touched.origin())
        .isEqualTo(
            new Origin(
                "d1",
                written,
                OptionalLong.of(7),
                WireSerdes.exactJson().createObjectNode().put("visits", 5)));
    assertThat(changes)
        .filteredOn(change -> id(change).equals("2"))
        .extracting(EntityChange::origin)
        .containsOnlyNulls();

    Outcome outcome = outcome(written);
    assertThat(outcome.version()).isEqualTo(touched.version());
    assertThat(outcome.row()).isEqualTo(touched.after());
    assertThat(outcome.key()).isEqualTo(new EntityKey(type.name(), "1"));
    assertThat(outcome.kind()).isEqualTo(OperationKind.UPDATE);
    assertThat(outcome.result()).isEqualTo(Result.APPLIED);
    assertThat(outcome.conflict()).isEqualTo(ConflictType.UPDATE_UPDATE);
    assertThat(outcome.fields()).containsExactly("visits", "a \"b\"");
    assertThat(outcome.data().toString()).isEqualTo("{\"n\":12.50,\"s\":\"ä\\n\"}");
    assertThat(outcome.error()).isNull();
    assertThat(outcome.received()).isEqualTo(Instant.parse("2026-01-15T14:30:05.123456Z"));

    Outcome untouched = outcome(kept);
    assertThat(untouched.version()).isNull();
    assertThat(untouched.row()).isNull();
  }

  @Test
  void anOutcomeComesOnceAfterARestart() throws Exception {
    EntityType type = rig.table("again", "id int PRIMARY KEY", "id");
    Capture capture = rig.startStreaming();
    String first = UUID.randomUUID().toString();
    rig.sql(ledger(first, type, 1));
    outcome(first);
    capture.close();
    String second = UUID.randomUUID().toString();
    rig.sql(ledger(second, type, 1));
    rig.startStreaming();
    outcome(second);

    assertThat(outcomes()).filteredOn(outcome -> outcome.operation().equals(first)).hasSize(1);
  }

  /** What the retention of the ledger does. */
  @Test
  void rowsThatLeaveTheLedgerAreNobodysNews() throws Exception {
    EntityType type = rig.table("left", "id int PRIMARY KEY", "id");
    rig.startStreaming();
    String old = UUID.randomUUID().toString();
    String young = UUID.randomUUID().toString();
    rig.sql(ledger(old, type, 1));
    outcome(old);
    rig.sql("DELETE FROM tidemark.ledger WHERE id = '" + old + "'");
    rig.sql(ledger(young, type, 1));
    outcome(young);

    assertThat(outcomes())
        .extracting(Outcome::operation)
        .filteredOn(operation -> operation.equals(old) || operation.equals(young))
        .containsExactly(old, young);
  }

  @Test
  void aPublicationOfTheWholeLedgerIsNarrowedToWhatOutcomesNeed() throws Exception {
    EntityType type = rig.table("narrowed", "id int PRIMARY KEY", "id");
    Capture capture = rig.startStreaming();
    assertThat(publishedOfLedger()).contains("written_at").doesNotContain("decision");
    capture.close();
    rig.sql(
        "ALTER PUBLICATION \"%s\" SET TABLE %s, tidemark.signal, tidemark.ledger"
            .formatted(rig.settings().publication(), type.table().quoted()));
    String before = UUID.randomUUID().toString();
    rig.sql(ledger(before, type, 1));
    assertThat(publishedOfLedger()).contains("decision");

    rig.startStreaming();
    assertThat(publishedOfLedger()).doesNotContain("decision");
    String after = UUID.randomUUID().toString();
    rig.sql(ledger(after, type, 1));
    assertThat(outcome(before).data()).isEqualTo(outcome(after).data());
  }

  private String publishedOfLedger() throws SQLException {
    return rig.value(
        "SELECT attnames::text FROM pg_publication_tables WHERE pubname = '%s' AND tablename = 'ledger'"
            .formatted(rig.settings().publication()));
  }

  private static String ledger(String id, EntityType type, int row) {
    return """
        INSERT INTO tidemark.ledger (id, device_id, idempotency_key, request_hash, batch_id,
          batch_index, entity_type, entity_id, kind, data, strategy, client_timestamp,
          corrected_timestamp, received_at, result, conflict_type, conflict_fields, resolution,
          reason, decision, request_id)
        VALUES ('%1$s', 'd1', '%1$s', 'h', 'b', 0, '%2$s', '%3$s', 'update',
          '{"n": 12.50, "s": "ä\\n"}', 'merge', now(), now(), '2026-01-15T14:30:05.123456Z',
          'applied', 'update_update', ARRAY['visits', 'a "b"'], 'merged', 'fields', '{}', 'r')"""
        .formatted(id, type.name(), row);
  }

  private Outcome outcome(String id) {
    return requireNonNull(
        await("the outcome of " + id)
            .atMost(CaptureRig.PATIENCE)
            .until(
                () ->
                    outcomes().stream()
                        .filter(outcome -> outcome.operation().equals(id))
                        .findFirst()
                        .orElse(null),
                outcome -> outcome != null));
  }

  private List<Outcome> outcomes() {
    return rig.read(Topics.OUTCOME).stream().map(ConsumerRecord::value).toList();
  }
}
