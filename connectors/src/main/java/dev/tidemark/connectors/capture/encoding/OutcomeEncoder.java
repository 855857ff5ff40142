package dev.tidemark.connectors.capture.encoding;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row of the ledger as the outcome of its operation, as {@code SyncSerdes} would, without
 * building it. A test compares both. Not thread-safe.
 */
public final class OutcomeEncoder {
  private static final byte[] NULL = "null".getBytes(US_ASCII);

  /** A member of the outcome and the column that it comes from. */
  private record Member(byte[] name, String column, Form form) {
    Member(String name, String column, Form form) {
      this(("\"" + name + "\":").getBytes(US_ASCII), column, form);
    }
  }

  private enum Form {
    TEXT,
    JSON,
    NUMBER
  }

  private static final List<Member> MEMBERS =
      List.of(
          new Member("operation", "id", Form.TEXT),
          new Member("device", "device_id", Form.TEXT),
          new Member("type", "entity_type", Form.TEXT),
          new Member("id", "entity_id", Form.TEXT),
          new Member("batch", "batch_id", Form.TEXT),
          new Member("index", "batch_index", Form.NUMBER),
          new Member("idempotency_key", "idempotency_key", Form.TEXT),
          new Member("hash", "request_hash", Form.TEXT),
          new Member("kind", "kind", Form.TEXT),
          new Member("data", "data", Form.JSON),
          new Member("base_version", "base_version", Form.TEXT),
          new Member("result", "result", Form.TEXT),
          new Member("conflict_type", "conflict_type", Form.TEXT),
          new Member("conflict_fields", "conflict_fields", Form.JSON),
          new Member("resolution", "resolution", Form.TEXT),
          new Member("reason", "reason", Form.TEXT),
          new Member("error", "error", Form.JSON),
          new Member("server_version", "server_version", Form.TEXT),
          new Member("server_row", "server_row", Form.JSON),
          new Member("suggestion", "suggestion", Form.JSON),
          new Member("resolves", "resolves", Form.TEXT),
          new Member("undoes", "undoes", Form.TEXT),
          new Member("request", "request_id", Form.TEXT),
          new Member("received_at", "received_at", Form.TEXT),
          new Member("written_at", "written_at", Form.TEXT));

  private final JsonBytes out = new JsonBytes();

  /** The columns of the ledger that an outcome is made of; none of the others need be read. */
  public static List<String> columns() {
    return MEMBERS.stream().map(Member::column).toList();
  }

  /** The entity that a row of the ledger is about. */
  public static EntityKey key(Struct ledger) {
    return new EntityKey(ledger.getString("entity_type"), ledger.getString("entity_id"));
  }

  /**
   * An outcome.
   *
   * @param version the version that the entity got by it; null if its row was not touched
   * @param row the row after it as JSON; null if it was not touched or is gone
   */
  public byte[] encode(Struct ledger, @Nullable Version version, byte @Nullable [] row) {
    out.clear();
    out.raw('{');
    for (Member member : MEMBERS) {
      out.raw(member.name());
      write(member.form(), ledger.getWithoutDefault(member.column()));
      out.raw(',');
    }
    out.json("\"version\":");
    write(Form.TEXT, version == null ? null : version.toString());
    out.json(",\"row\":").raw(row == null ? NULL : row);
    return out.raw('}').toArray();
  }

  private void write(Form form, @Nullable Object value) {
    if (value == null) {
      out.raw(NULL);
    } else if (form == Form.TEXT) {
      out.quoted(value.toString());
    } else {
      out.json(value.toString());
    }
  }
}
