package dev.tidemark.bench.verify;

import dev.tidemark.contract.ChangeKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change as the checker sees it, whether Postgres' history or a topic told of it.
 *
 * @param key the entity key's canonical text; for a truncate the entity type
 * @param lsn what its version says: as a rule the position of the change in the write-ahead log; 0
 *     for a row that was read
 * @param ordinal its number among the changes of its transaction with the same position
 * @param sequence its number within its transaction
 * @param committedMicros when its transaction committed; 0 for a row that was read
 * @param origin the operation that a logical message named before it, if one did
 */
record Change(
    String type,
    ChangeKind kind,
    String key,
    long transaction,
    long lsn,
    long ordinal,
    long sequence,
    long committedMicros,
    @Nullable Row before,
    @Nullable Row after,
    List<String> changed,
    @Nullable String origin) {

  /** What makes it this change and no other, whatever it says. */
  record Id(String key, ChangeKind kind, long transaction, long lsn, long ordinal) {
    /** A number that only this id has, as good as certainly: there are millions of them. */
    long fingerprint() {
      long mixed = lsn * 0x9E3779B97F4A7C15L + ordinal;
      mixed = (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L + transaction;
      mixed = (mixed ^ mixed >>> 32) * 0x94D049BB133111EBL + key.hashCode();
      return (mixed ^ mixed >>> 29) * 31 + kind.text().hashCode();
    }
  }

  Change {
    changed = List.copyOf(changed);
  }

  /** A row that a snapshot reads. */
  static Change read(String type, String key, Row row) {
    return new Change(type, ChangeKind.READ, key, 0, 0, 0, 0, 0, null, row, List.of(), null);
  }

  Id id() {
    return new Id(key, kind, transaction, lsn, ordinal);
  }

  @Override
  public String toString() {
    return "%s %s tx %d lsn %X/%08X #%d seq %d at %d | %s → %s | changed %s%s"
        .formatted(
            kind.text(),
            key,
            transaction,
            lsn >>> 32,
            lsn & 0xFFFFFFFFL,
            ordinal,
            sequence,
            committedMicros,
            before == null ? "-" : before,
            after == null ? "-" : after,
            changed,
            origin == null ? "" : " by " + origin);
  }
}
