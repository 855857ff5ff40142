package dev.tidemark.connectors.write;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.connectors.schema.OwnTables;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes down what became of operations. */
final class Ledger {
  private static final ObjectMapper JSON = WireSerdes.exactJson();
  private static final List<String> COLUMNS =
      List.of(
          "id uuid",
          "device_id text",
          "idempotency_key text",
          "request_hash text",
          "batch_id text",
          "batch_index integer",
          "entity_type text",
          "entity_id text",
          "kind text",
          "data jsonb",
          "base_data jsonb",
          "base_version text",
          "sequence bigint",
          "strategy text",
          "client_timestamp timestamptz",
          "corrected_timestamp timestamptz",
          "received_at timestamptz",
          "result text",
          "conflict_type text",
          "conflict_fields text[]",
          "resolution text",
          "reason text",
          "error jsonb",
          "decision jsonb",
          "server_version text",
          "server_row jsonb",
          "suggestion jsonb",
          "resolves uuid",
          "undoes uuid",
          "request_id text");
  private static final String NAMES =
      COLUMNS.stream()
          .map(column -> column.substring(0, column.indexOf(' ')))
          .collect(Collectors.joining(", "));
  private static final String INSERT =
      "INSERT INTO "
          + OwnTables.LEDGER.quoted()
          + " ("
          + NAMES
          + ") SELECT "
          + NAMES
          + " FROM jsonb_to_recordset(?::jsonb) AS i("
          + String.join(", ", COLUMNS)
          + ") ON CONFLICT DO NOTHING RETURNING id";
  private static final String KNOWN =
      "SELECT id FROM " + OwnTables.LEDGER.quoted() + " WHERE id = ANY (?::uuid[])";

  private static final String FOLLOWED =
      "SELECT coalesce(resolves, undoes) FROM "
          + OwnTables.LEDGER.quoted()
          + " WHERE (resolves = ANY (?::uuid[]) OR undoes = ANY (?::uuid[]))"
          + " AND result IN ('applied', 'unchanged') AND NOT id = ANY (?::uuid[])";

  /** What is to be written down of a write. */
  record Page(RowWrite write, Verdict verdict) {}

  private final Database database;

  Ledger(Database database) {
    this.database = database;
  }

  /** Writes the pages down; returns the ids of the operations that were not there yet. */
  Set<String> write(List<Page> pages) throws SQLException {
    PreparedStatement insert = database.prepare(INSERT);
    insert.setString(1, json(pages));
    return ids(insert);
  }

  /** Which of these operations are written down. */
  Set<String> known(Collection<String> operations) throws SQLException {
    PreparedStatement query = database.prepare(KNOWN);
    query.setString(1, "{" + String.join(",", operations) + "}");
    return ids(query);
  }

  /** Those of these operations that one other than its follower has resolved or taken back. */
  Set<String> followed(Map<String, String> followers) throws SQLException {
    PreparedStatement query = database.prepare(FOLLOWED);
    String originals = "{" + String.join(",", followers.keySet()) + "}";
    query.setString(1, originals);
    query.setString(2, originals);
    query.setString(3, "{" + String.join(",", followers.values()) + "}");
    return ids(query);
  }

  private static Set<String> ids(PreparedStatement query) throws SQLException {
    Set<String> ids = new HashSet<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        ids.add(row.getString(1));
      }
    }
    return ids;
  }

  private static String json(List<Page> pages) {
    StringWriter text = new StringWriter(1024 * pages.size());
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (Page page : pages) {
        for (RowWrite.Entry entry : page.write().entries()) {
          write(json, entry, page.verdict());
        }
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, RowWrite.Entry entry, Verdict verdict)
      throws IOException {
    Submission submission = entry.submission();
    SyncOperation operation = submission.operation();
    boolean bare = verdict instanceof Verdict.Rejected(_, boolean unholdable) && unholdable;
    json.writeStartObject();
    json.writeStringField("id", operation.id());
    json.writeStringField("device_id", operation.device());
    json.writeStringField("idempotency_key", submission.idempotencyKey());
    json.writeStringField("request_hash", submission.hash());
    json.writeStringField("batch_id", submission.batch());
    json.writeNumberField("batch_index", submission.index());
    json.writeStringField("entity_type", operation.key().type());
    json.writeStringField("entity_id", operation.key().id());
    json.writeStringField("kind", operation.kind().text());
    write(json, "data", bare ? Errors.nothing() : operation.data());
    write(json, "base_data", bare ? null : submission.baseData());
    write(json, "base_version", operation.base());
    if (operation.sequence().isPresent()) {
      json.writeNumberField("sequence", operation.sequence().getAsLong());
    }
    json.writeStringField("strategy", operation.strategy().text());
    json.writeStringField("client_timestamp", operation.clientTime().toString());
    json.writeStringField("corrected_timestamp", operation.time().toString());
    json.writeStringField("received_at", submission.received().toString());
    json.writeStringField("resolves", submission.resolves());
    json.writeStringField("undoes", submission.undoes());
    json.writeStringField("request_id", submission.request());
    write(json, ruling(entry.ruling(), verdict), bare);
    json.writeEndObject();
  }

  private static Ruling ruling(Ruling decided, Verdict verdict) {
    return verdict instanceof Verdict.Rejected(var error, _)
        ? new Ruling(
            Result.REJECTED,
            null,
            List.of(),
            null,
            "rejected",
            error,
            decided.decision(),
            decided.serverVersion(),
            decided.serverRow(),
            null)
        : decided;
  }

  private static void write(JsonGenerator json, Ruling ruling, boolean bare) throws IOException {
    json.writeStringField("result", ruling.result().text());
    ConflictType conflict = ruling.conflict();
    json.writeStringField("conflict_type", conflict == null ? null : conflict.text());
    json.writeArrayFieldStart("conflict_fields");
    for (String field : ruling.fields()) {
      json.writeString(field);
    }
    json.writeEndArray();
    json.writeStringField("resolution", ruling.resolution());
    json.writeStringField("reason", ruling.reason());
    write(json, "error", ruling.error());
    write(json, "decision", bare ? Errors.nothing() : ruling.decision());
    write(json, "server_version", ruling.serverVersion());
    write(json, "server_row", bare ? null : ruling.serverRow());
    write(json, "suggestion", bare ? null : ruling.suggestion());
  }

  private static void write(JsonGenerator json, String field, @Nullable Version version)
      throws IOException {
    json.writeStringField(field, version == null ? null : version.toString());
  }

  private static void write(JsonGenerator json, String field, @Nullable JsonNode value)
      throws IOException {
    if (value != null) {
      json.writeFieldName(field);
      json.writeTree(value);
    }
  }
}
