package dev.tidemark.connectors.capture.encoding;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import java.time.Instant;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes as {@code WireSerdes} would, from Debezium's structs, without building the change.
 * A test compares both. Not thread-safe.
 */
public final class ChangeEncoder {
  private static final byte[] TYPE = "{\"type\":".getBytes(US_ASCII);
  private static final byte[] ID = ",\"id\":".getBytes(US_ASCII);
  private static final byte[] KIND = ",\"kind\":\"".getBytes(US_ASCII);
  private static final byte[] VERSION = "\",\"version\":\"".getBytes(US_ASCII);
  private static final byte[] TRANSACTION = "\",\"transaction\":".getBytes(US_ASCII);
  private static final byte[] SEQUENCE = ",\"sequence\":".getBytes(US_ASCII);
  private static final byte[] COMMITTED_AT = ",\"committed_at\":\"".getBytes(US_ASCII);
  private static final byte[] BEFORE = "\",\"before\":".getBytes(US_ASCII);
  private static final byte[] AFTER = ",\"after\":".getBytes(US_ASCII);
  private static final byte[] CHANGED = ",\"changed\":".getBytes(US_ASCII);
  private static final byte[] ORIGIN = ",\"origin\":".getBytes(US_ASCII);
  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final byte[] IN_SNAPSHOT = ",\"snapshot\":true}".getBytes(US_ASCII);
  private static final byte[] IN_STREAM = ",\"snapshot\":false}".getBytes(US_ASCII);

  private final JsonBytes out = new JsonBytes();
  private Instant latest = Instant.MIN;
  private String latestText = "";

  /** Where a change stands in the stream. */
  public record Place(
      Version version,
      long transaction,
      long sequence,
      long ordinal,
      Instant committedAt,
      @Nullable Origin origin,
      boolean snapshot) {}

  /** The change of a row. */
  public EncodedChange row(
      TablePlan plan,
      ChangeKind kind,
      @Nullable Struct before,
      @Nullable Struct after,
      Place place) {
    Struct row = after != null ? after : before;
    if (row == null) {
      throw new IllegalArgumentException("a change without a row");
    }
    return encode(plan, plan.key(row), kind, before, after, place);
  }

  /** A row alone, as it is in a change. */
  public byte[] rowAlone(TablePlan plan, Struct row) {
    out.clear();
    plan.writeRow(out, row);
    return out.toArray();
  }

  /** The end of all rows of a table. */
  public EncodedChange truncate(TablePlan plan, Place place) {
    return encode(plan, null, ChangeKind.TRUNCATE, null, null, place);
  }

  /** The end of an entity that was there before changes were lost and is gone since. */
  public static EncodedChange vanished(EntityKey key, Place place) {
    ChangeEncoder encoder = new ChangeEncoder();
    return encoder.encode(null, key, ChangeKind.DELETE, null, null, place);
  }

  private EncodedChange encode(
      @Nullable TablePlan plan,
      @Nullable EntityKey key,
      ChangeKind kind,
      @Nullable Struct before,
      @Nullable Struct after,
      Place place) {
    String type = plan != null ? plan.type().name() : key != null ? key.type() : "";
    String version = place.version().toString();
    out.clear();
    out.raw(TYPE).quoted(type).raw(ID);
    if (key == null) {
      out.raw(NULL);
    } else {
      out.quoted(key.id());
    }
    out.raw(KIND).json(kind.text()).raw(VERSION).json(version);
    out.raw(TRANSACTION).number(place.transaction()).raw(SEQUENCE).number(place.sequence());
    out.raw(COMMITTED_AT).json(text(place.committedAt())).raw(BEFORE);
    row(plan, before);
    out.raw(AFTER);
    int rowFrom = out.size();
    row(plan, after);
    int rowTo = after == null ? rowFrom : out.size();
    out.raw(CHANGED);
    if (plan == null) {
      out.raw('[').raw(']');
    } else {
      plan.writeChanged(out, before, after);
    }
    out.raw(ORIGIN);
    origin(place.origin());
    out.raw(place.snapshot() ? IN_SNAPSHOT : IN_STREAM);
    return new EncodedChange(
        type,
        key,
        kind,
        version,
        place.transaction(),
        place.ordinal(),
        place.committedAt(),
        out.toArray(),
        rowFrom,
        rowTo);
  }

  /** All changes of a database transaction share it, and printing it is dear. */
  private String text(Instant committedAt) {
    if (!committedAt.equals(latest)) {
      latest = committedAt;
      latestText = committedAt.toString();
    }
    return latestText;
  }

  private void row(@Nullable TablePlan plan, @Nullable Struct row) {
    if (plan == null || row == null) {
      out.raw(NULL);
    } else {
      plan.writeRow(out, row);
    }
  }

  private void origin(@Nullable Origin origin) {
    if (origin == null) {
      out.raw(NULL);
      return;
    }
    out.json("{\"device\":");
    if (origin.device() == null) {
      out.raw(NULL);
    } else {
      out.quoted(origin.device());
    }
    out.json(",\"operation\":").quoted(origin.operation());
    if (origin.sequence().isPresent()) {
      out.json(",\"sequence\":").number(origin.sequence().getAsLong());
    }
    if (origin.sent() != null) {
      out.json(",\"sent\":").json(origin.sent().toString());
    }
    out.raw('}');
  }
}
