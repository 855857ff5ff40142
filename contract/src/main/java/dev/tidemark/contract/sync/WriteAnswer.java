package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.EntityKey;
import java.util.List;
import java.util.Locale;

/**
 * A write that was not carried out, and has to be decided again. One that was carried out is
 * answered by its outcomes.
 *
 * @param write which attempt
 * @param operations with {@link Kind#DUPLICATE} those that the ledger already has
 */
public record WriteAnswer(EntityKey key, String write, Kind kind, List<String> operations) {
  /** Why not. */
  public enum Kind {
    /** The row is not what the decision was made on. */
    STALE,
    /** Somebody else's transaction holds the row. */
    LOCKED,
    /** The database refuses what several operations together would do: each by itself, then. */
    SPLIT,
    /** A row that this one refers to is not there yet. */
    PARENT_MISSING,
    /** The ledger already has some of the operations. */
    DUPLICATE;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public WriteAnswer {
    requireNonNull(key, "key is null");
    requireNonNull(write, "write is null");
    requireNonNull(kind, "kind is null");
    operations = List.copyOf(operations);
  }
}
