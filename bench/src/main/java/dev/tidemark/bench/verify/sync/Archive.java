package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Json;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Permission;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Reads from the database what is left of a run. */
final class Archive {
  private final Connection connection;
  private final Function<String, Permission> permissions;

  /**
   * @param permissions what each device may see, which the ledger does not say
   */
  Archive(Connection connection, Function<String, Permission> permissions) {
    this.connection = connection;
    this.permissions = permissions;
  }

  List<Settled> ledger() throws SQLException {
    List<Settled> ledger = new ArrayList<>();
    read(
        "SELECT l.*, s.xact::text AS xact, coalesce(s.seq, 0) AS seq FROM tidemark.ledger l"
            + " LEFT JOIN (SELECT DISTINCT ON (operation) * FROM verify.settled"
            + " ORDER BY operation, seq) s ON s.operation = l.id ORDER BY s.seq",
        row ->
            ledger.add(
                new Settled(
                    row.getString("id"),
                    row.getString("xact"),
                    row.getLong("seq"),
                    submission(row, Json.read(row.getString("decision"))),
                    row.getString("result"),
                    row.getString("resolution"),
                    Json.read(row.getString("decision")))));
    return ledger;
  }

  private Submission submission(ResultSet row, JsonNode decision) throws SQLException {
    String base = row.getString("base_version");
    long sequence = row.getLong("sequence");
    OptionalLong numbered = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(sequence);
    ObjectNode data = Json.row(row.getString("data"));
    String device = row.getString("device_id");
    return new Submission(
        new SyncOperation(
            row.getString("id"),
            device,
            new EntityKey(row.getString("entity_type"), row.getString("entity_id")),
            OperationKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
            data == null ? Json.object() : data,
            base == null ? null : Version.parse(base),
            moment(decision, "client_time", instant(row, "client_timestamp")),
            moment(decision, "corrected_time", instant(row, "corrected_timestamp")),
            Strategy.valueOf(row.getString("strategy").toUpperCase(Locale.ROOT)),
            numbered),
        row.getString("idempotency_key"),
        row.getString("request_hash"),
        row.getString("batch_id"),
        row.getInt("batch_index"),
        instant(row, "received_at"),
        permissions.apply(device),
        List.of(),
        Json.row(row.getString("base_data")),
        row.getString("resolves"),
        row.getString("undoes"),
        row.getString("request_id"));
  }

  /** As it was decided on: a column of the database has no more than microseconds. */
  private static Instant moment(JsonNode decision, String field, Instant otherwise) {
    String text = decision.path(field).textValue();
    return text == null ? otherwise : Instant.parse(text);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  List<Noted> noted() throws SQLException {
    List<Noted> noted = new ArrayList<>();
    read(
        "SELECT * FROM verify.noted ORDER BY seq",
        row ->
            noted.add(
                new Noted(
                    row.getLong("seq"),
                    row.getString("xact"),
                    row.getString("writer"),
                    row.getString("type"),
                    row.getString("id"),
                    Json.row(row.getString("before")),
                    Json.row(row.getString("after")))));
    return noted;
  }

  Map<String, Integer> settledNotes() throws SQLException {
    Map<String, Integer> times = new LinkedHashMap<>();
    read(
        "SELECT operation, count(*) FROM verify.settled GROUP BY operation",
        row -> times.put(row.getString(1), row.getInt(2)));
    return times;
  }

  /** All rows, by key. */
  Map<String, ObjectNode> rows() throws SQLException {
    Map<String, ObjectNode> rows = new LinkedHashMap<>();
    for (String type : Set.of("item", "part", "crate")) {
      read(
          "SELECT id, to_jsonb(t) FROM verify." + type + "s t",
          row -> {
            ObjectNode json = Json.row(row.getString(2));
            rows.put(type + "/" + row.getString(1), json == null ? Json.object() : json);
          });
    }
    return rows;
  }

  /** Batches that wait for an operation which the ledger does not have. */
  List<String> unsettled() throws SQLException {
    List<String> batches = new ArrayList<>();
    read(
        "SELECT device_id || ' ' || batch_id FROM tidemark.batch b WHERE EXISTS"
            + " (SELECT FROM unnest(b.operations) o(id)"
            + " WHERE NOT EXISTS (SELECT FROM tidemark.ledger l WHERE l.id = o.id))",
        row -> batches.add(row.getString(1)));
    return batches;
  }

  private interface Taker {
    void take(ResultSet row) throws SQLException;
  }

  private void read(String sql, Taker taker) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        taker.take(rows);
      }
    }
  }
}
