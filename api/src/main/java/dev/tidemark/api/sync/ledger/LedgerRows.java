package dev.tidemark.api.sync.ledger;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.sync.LedgerEntry;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Permission;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.SyncOperation;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of Tidemark's own tables to what they mean. */
final class LedgerRows {
  /** What {@link #entry} reads, of a table that is called {@code l}. */
  static final String COLUMNS =
      """
      l.id, l.device_id, l.idempotency_key, l.request_hash, l.batch_id, l.batch_index,
      l.entity_type, l.entity_id, l.kind, l.data, l.base_data, l.base_version, l.sequence,
      l.strategy, l.client_timestamp, l.corrected_timestamp, l.received_at, l.written_at,
      l.result, l.conflict_type, l.conflict_fields, l.resolution, l.reason, l.error, l.decision,
      l.server_version, l.server_row, l.suggestion, l.resolves, l.undoes, l.request_id""";

  private LedgerRows() {}

  static LedgerEntry entry(ResultSet row) throws SQLException {
    long sequence = row.getLong("sequence");
    OptionalLong number = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(sequence);
    SyncOperation operation =
        new SyncOperation(
            text(row, "id"),
            text(row, "device_id"),
            new EntityKey(text(row, "entity_type"), text(row, "entity_id")),
            word(OperationKind.class, text(row, "kind")),
            object(row, "data"),
            version(row, "base_version"),
            moment(row, "client_timestamp"),
            moment(row, "corrected_timestamp"),
            word(Strategy.class, text(row, "strategy")),
            number);
    Submission submission =
        new Submission(
            operation,
            text(row, "idempotency_key"),
            text(row, "request_hash"),
            text(row, "batch_id"),
            row.getInt("batch_index"),
            moment(row, "received_at"),
            Permission.of(Set.of()),
            List.of(),
            optionalObject(row, "base_data"),
            row.getString("resolves"),
            row.getString("undoes"),
            text(row, "request_id"));
    return new LedgerEntry(submission, ruling(row), moment(row, "written_at"));
  }

  static SubmittedBatch batch(ResultSet row) throws SQLException {
    UUID[] operations = (UUID[]) row.getArray("operations").getArray();
    Integer[] indexes = (Integer[]) row.getArray("indexes").getArray();
    List<SubmittedBatch.Accepted> accepted = new ArrayList<>();
    for (int i = 0; i < operations.length; i++) {
      accepted.add(new SubmittedBatch.Accepted(indexes[i], operations[i].toString()));
    }
    List<SubmittedBatch.Invalid> errors = new ArrayList<>();
    for (JsonNode error : json(text(row, "errors"))) {
      JsonNode problem = error.has("problem") ? error.path("problem") : error;
      errors.add(new SubmittedBatch.Invalid(error.path("index").intValue(), (ObjectNode) problem));
    }
    OffsetDateTime sent = row.getObject("sent_at", OffsetDateTime.class);
    return new SubmittedBatch(
        text(row, "device_id"),
        text(row, "batch_id"),
        moment(row, "received_at"),
        sent == null ? null : sent.toInstant(),
        Duration.ofMillis(row.getLong("ahead_ms")),
        text(row, "request_id"),
        accepted,
        errors);
  }

  static Instant moment(ResultSet row, String column) throws SQLException {
    return requireNonNull(row.getObject(column, OffsetDateTime.class), column).toInstant();
  }

  static String text(ResultSet row, String column) throws SQLException {
    return requireNonNull(row.getString(column), column);
  }

  static <E extends Enum<E>> E word(Class<E> words, String text) {
    return Enum.valueOf(words, text.toUpperCase(Locale.ROOT));
  }

  private static Ruling ruling(ResultSet row) throws SQLException {
    String conflict = row.getString("conflict_type");
    Array fields = row.getArray("conflict_fields");
    return new Ruling(
        word(Result.class, text(row, "result")),
        conflict == null ? null : word(ConflictType.class, conflict),
        List.of((String[]) fields.getArray()),
        row.getString("resolution"),
        text(row, "reason"),
        optionalObject(row, "error"),
        object(row, "decision"),
        version(row, "server_version"),
        optionalObject(row, "server_row"),
        optionalObject(row, "suggestion"));
  }

  private static @Nullable Version version(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? null : Version.parse(text);
  }

  private static ObjectNode object(ResultSet row, String column) throws SQLException {
    return requireNonNull(optionalObject(row, column), column);
  }

  private static @Nullable ObjectNode optionalObject(ResultSet row, String column)
      throws SQLException {
    String text = row.getString(column);
    return text == null ? null : (ObjectNode) json(text);
  }

  private static JsonNode json(String text) {
    try {
      return WireSerdes.exactJson().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Postgres holds JSON that is none", e);
    }
  }
}
