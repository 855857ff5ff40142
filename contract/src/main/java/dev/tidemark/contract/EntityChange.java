package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One committed change of one row.
 *
 * @param type the entity type, as the catalog names it
 * @param key the entity; null only for {@link ChangeKind#TRUNCATE}
 * @param kind what happened
 * @param version the entity's version after the change
 * @param transaction the database transaction's id; 0 when a snapshot read the row
 * @param sequence the number of the change within its transaction, from 0, over all entity types
 * @param committedAt when the transaction committed, or when the snapshot read the row
 * @param before the row as it was; null if there was none, or if a snapshot read the row
 * @param after the row as it is; null if there is none any more
 * @param changed the columns whose values differ between before and after, in the table's order
 * @param origin who caused it, if known
 * @param snapshot whether a snapshot produced it rather than a transaction
 */
public record EntityChange(
    String type,
    @Nullable EntityKey key,
    ChangeKind kind,
    Version version,
    long transaction,
    long sequence,
    Instant committedAt,
    @Nullable ObjectNode before,
    @Nullable ObjectNode after,
    List<String> changed,
    @Nullable Origin origin,
    boolean snapshot) {

  public EntityChange {
    requireNonNull(type, "type is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(version, "version is null");
    requireNonNull(committedAt, "committedAt is null");
    changed = List.copyOf(changed);
    if ((key == null) != (kind == ChangeKind.TRUNCATE)) {
      throw new IllegalArgumentException("a change has a key unless it is a truncate");
    }
    switch (kind) {
      case READ, INSERT, UPDATE -> {
        if (after == null) {
          throw new IllegalArgumentException(kind + " without a row after it");
        }
      }
      case DELETE, TRUNCATE -> {
        if (after != null) {
          throw new IllegalArgumentException(kind + " with a row after it");
        }
      }
    }
  }
}
