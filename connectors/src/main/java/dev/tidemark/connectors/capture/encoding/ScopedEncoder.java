package dev.tidemark.connectors.capture.encoding;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.ScopedChange.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the scopes are told of a change as {@code WireSerdes} would, with the row that the
 * change has already. A test compares both. Not thread-safe.
 */
public final class ScopedEncoder {
  private static final byte[] SCOPE = "{\"scope\":".getBytes(US_ASCII);
  private static final byte[] SCOPES = ",\"scopes\":[".getBytes(US_ASCII);
  private static final byte[] TYPE = "],\"change\":{\"type\":".getBytes(US_ASCII);
  private static final byte[] ID = ",\"id\":".getBytes(US_ASCII);
  private static final byte[] KIND = ",\"kind\":\"".getBytes(US_ASCII);
  private static final byte[] VERSION = "\",\"version\":\"".getBytes(US_ASCII);
  private static final byte[] TRANSACTION = "\",\"transaction\":".getBytes(US_ASCII);
  private static final byte[] COMMITTED_AT = ",\"committed_at\":\"".getBytes(US_ASCII);
  private static final byte[] DEVICE = ",\"origin\":{\"device\":".getBytes(US_ASCII);
  private static final byte[] OPERATION = ",\"operation\":".getBytes(US_ASCII);
  private static final byte[] OPERATION_ALONE = ",\"origin\":{\"operation\":".getBytes(US_ASCII);
  private static final byte[] DATA = ",\"data\":".getBytes(US_ASCII);
  private static final byte[] NULL = "null".getBytes(US_ASCII);

  private final JsonBytes out = new JsonBytes();
  private Instant latest = Instant.MIN;
  private String latestText = "";

  /** How many bytes follow the scope in the record that was written in full. */
  private int rest;

  /** A record for one scope, ready to be sent. */
  public record Scoped(Kind kind, byte[] key, byte[] value) {}

  /**
   * What the scopes are told of a change, in order: first where the row is gone, then where it is.
   *
   * @param before the scopes that the row was in, as far as they are known
   * @param after the scopes that the row is in now
   * @param everywhere whether it may have been in others as well
   */
  public List<Scoped> encode(
      EncodedChange change,
      @Nullable Origin origin,
      List<String> before,
      List<String> after,
      boolean everywhere) {
    if (change.kind() == ChangeKind.TRUNCATE) {
      return List.of(first(change, origin, null, after, Kind.TRUNCATE));
    }
    if (before.isEmpty() && !everywhere && after.size() == 1) {
      return List.of(first(change, origin, after.getFirst(), after, Kind.PUT));
    }
    List<Scoped> told = new ArrayList<>(before.size() + after.size() + 1);
    Scoped alike = null;
    for (String scope : before) {
      if (!after.contains(scope)) {
        alike = next(alike, change, origin, scope, after, Kind.REMOVE);
        told.add(alike);
      }
    }
    if (everywhere) {
      told.add(next(alike, change, origin, null, after, Kind.REMOVE));
    }
    alike = null;
    for (String scope : after) {
      alike = next(alike, change, origin, scope, after, Kind.PUT);
      told.add(alike);
    }
    return told;
  }

  /** The scope comes first, so what follows it is copied from a record that says the same. */
  private Scoped next(
      @Nullable Scoped alike,
      EncodedChange change,
      @Nullable Origin origin,
      @Nullable String scope,
      List<String> scopes,
      Kind kind) {
    if (alike == null) {
      return first(change, origin, scope, scopes, kind);
    }
    scope(scope);
    byte[] value = alike.value();
    out.raw(value, value.length - rest, value.length);
    return new Scoped(kind, key(change, scope), out.toArray());
  }

  private Scoped first(
      EncodedChange change,
      @Nullable Origin origin,
      @Nullable String scope,
      List<String> scopes,
      Kind kind) {
    scope(scope);
    int from = out.size();
    out.raw(SCOPES);
    for (int i = 0; i < scopes.size(); i++) {
      if (i > 0) {
        out.raw(',');
      }
      out.quoted(scopes.get(i));
    }
    out.raw(TYPE).quoted(change.type());
    EntityKey key = change.key();
    if (key != null) {
      out.raw(ID).quoted(key.id());
    }
    out.raw(KIND).json(kind.text()).raw(VERSION).json(change.version());
    out.raw(TRANSACTION).number(change.transaction());
    out.raw(COMMITTED_AT).json(text(change.committedAt())).raw('"');
    if (origin != null) {
      origin(origin);
    }
    if (kind == Kind.PUT) {
      out.raw(DATA).raw(change.value(), change.rowFrom(), change.rowTo());
    }
    out.raw('}').raw('}');
    rest = out.size() - from;
    return new Scoped(kind, key(change, scope), out.toArray());
  }

  private void scope(@Nullable String scope) {
    out.clear();
    out.raw(SCOPE);
    if (scope == null) {
      out.raw(NULL);
    } else {
      out.quoted(scope);
    }
  }

  private void origin(Origin origin) {
    if (origin.device() == null) {
      out.raw(OPERATION_ALONE);
    } else {
      out.raw(DEVICE).quoted(origin.device()).raw(OPERATION);
    }
    out.quoted(origin.operation()).raw('}');
  }

  private static byte[] key(EncodedChange change, @Nullable String scope) {
    EntityKey key = change.key();
    return ScopedChange.key(scope, change.type(), key == null ? null : key.id()).getBytes(UTF_8);
  }

  /** All changes of a database transaction share it, and printing it is dear. */
  private String text(Instant committedAt) {
    if (!committedAt.equals(latest)) {
      latest = committedAt;
      latestText = committedAt.toString();
    }
    return latestText;
  }
}
