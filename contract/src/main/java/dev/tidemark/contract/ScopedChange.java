package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a change is to those who may see one scope: the row is there with these values, or it is
 * gone from it. A change of a row that is in several scopes is told to each of them.
 *
 * @param scope the scope; null if every scope that has the row (or, for a truncate, the type's
 *     rows) is meant, those in {@code scopes} aside
 * @param scopes the scopes that the row is in after the change
 * @param type the entity type
 * @param id the entity; null only for {@link Kind#TRUNCATE}
 * @param kind what it is
 * @param version the entity's version after the change
 * @param transaction the database transaction's id; 0 when a snapshot read the row
 * @param committedAt when the transaction committed, or when the snapshot read the row
 * @param origin who caused it, if known
 * @param data the row, for a put
 */
public record ScopedChange(
    @Nullable String scope,
    List<String> scopes,
    String type,
    @Nullable String id,
    Kind kind,
    Version version,
    long transaction,
    Instant committedAt,
    @Nullable Origin origin,
    @Nullable ObjectNode data) {

  /** What a scoped change can be. */
  public enum Kind {
    /** The row is in the scope, with these values. */
    PUT,
    /** The row is not in the scope any more: deleted, or moved. */
    REMOVE,
    /** All rows of the type are gone. */
    TRUNCATE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The word on the wire. */
    public String text() {
      return text;
    }

    public static Kind parse(String text) {
      for (Kind kind : values()) {
        if (kind.text.equals(text)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("'" + text + "' is not a kind of scoped change");
    }
  }

  public ScopedChange {
    scopes = List.copyOf(scopes);
    requireNonNull(type, "type is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(version, "version is null");
    requireNonNull(committedAt, "committedAt is null");
    if ((id == null) != (kind == Kind.TRUNCATE)) {
      throw new IllegalArgumentException("a scoped change has an id unless it is a truncate");
    }
    if ((data != null) != (kind == Kind.PUT)) {
      throw new IllegalArgumentException("a put has a row, and nothing else has");
    }
    if (kind == Kind.PUT && (scope == null || !scopes.contains(scope))) {
      throw new IllegalArgumentException("a put is about a scope that the row is in");
    }
    if (kind == Kind.TRUNCATE && scope != null) {
      throw new IllegalArgumentException("a truncate is about every scope");
    }
  }

  /**
   * The key of its record. The latest record of a key says all that earlier ones said: {@code
   * ["municipality/3","ticket/5"]}, {@code [null,"ticket/5"]}, and {@code ["ticket"]} for a
   * truncate.
   */
  public String key() {
    return key(scope, type, id);
  }

  /** The same of a scope and an entity, for whoever writes the record without building it. */
  public static String key(@Nullable String scope, String type, @Nullable String id) {
    StringBuilder key = new StringBuilder("[");
    if (id == null) {
      return quote(key, type).append(']').toString();
    }
    if (scope == null) {
      key.append("null");
    } else {
      quote(key, scope);
    }
    return quote(key.append(','), new EntityKey(type, id).canonical()).append(']').toString();
  }

  private static StringBuilder quote(StringBuilder key, String text) {
    key.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        key.append('\\').append(c);
      } else if (c < 0x20) {
        key.append(String.format("\\u%04x", (int) c));
      } else {
        key.append(c);
      }
    }
    return key.append('"');
  }
}
