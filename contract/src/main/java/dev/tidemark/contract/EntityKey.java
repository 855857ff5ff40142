package dev.tidemark.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.StringJoiner;

/**
 * Names one entity: its type from the catalog and its identifier. The canonical form {@code
 * type/id} is the record key of every topic that is about entities, so that operations, writes and
 * changes of one entity meet in one partition.
 *
 * @param type the entity type, as the catalog names it
 * @param id the identifier: the key column's text; several key columns are joined with a comma,
 *     with {@code %}, comma and slash inside a part percent-encoded
 */
public record EntityKey(String type, String id) implements Comparable<EntityKey> {
  private static final char SEPARATOR = '/';

  public EntityKey {
    requireNonNull(type, "type is null");
    requireNonNull(id, "id is null");
    if (type.isEmpty() || type.indexOf(SEPARATOR) >= 0) {
      throw new IllegalArgumentException("'" + type + "' is not an entity type");
    }
  }

  /** The key of a row whose key columns hold these texts, in the catalog's order. */
  public static EntityKey of(String type, List<String> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a key of " + type + " needs at least one part");
    }
    if (parts.size() == 1) {
      return new EntityKey(type, encode(parts.getFirst()));
    }
    StringJoiner id = new StringJoiner(",");
    parts.forEach(part -> id.add(encode(part)));
    return new EntityKey(type, id.toString());
  }

  /** Reads the canonical form back. */
  public static EntityKey parse(String canonical) {
    int slash = canonical.indexOf(SEPARATOR);
    if (slash <= 0) {
      throw new IllegalArgumentException("'" + canonical + "' is not of the form type/id");
    }
    return new EntityKey(canonical.substring(0, slash), canonical.substring(slash + 1));
  }

  public String canonical() {
    return type + SEPARATOR + id;
  }

  public byte[] bytes() {
    return canonical().getBytes(UTF_8);
  }

  @Override
  public int compareTo(EntityKey other) {
    return canonical().compareTo(other.canonical());
  }

  @Override
  public String toString() {
    return canonical();
  }

  private static String encode(String part) {
    StringBuilder encoded = null;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      String escape =
          switch (c) {
            case '%' -> "%25";
            case ',' -> "%2C";
            case '/' -> "%2F";
            default -> null;
          };
      if (escape != null && encoded == null) {
        encoded = new StringBuilder(part.length() + 8).append(part, 0, i);
      }
      if (encoded != null) {
        if (escape != null) {
          encoded.append(escape);
        } else {
          encoded.append(c);
        }
      }
    }
    return encoded == null ? part : encoded.toString();
  }
}
