package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided of one entity, for the database: the row's change and the ledger's entries, all
 * or nothing. There is one in flight per entity.
 *
 * @param id names this attempt; the answer repeats it
 * @param entries the operations that were decided together, in their order; all of one device
 * @param sent what the device had set where the written value is another, a merged one
 * @param patient whether a parent that is missing may still come
 */
public record RowWrite(
    EntityKey key,
    String id,
    RowEffect effect,
    Expected expected,
    List<Entry> entries,
    @Nullable ObjectNode sent,
    boolean patient) {
  public RowWrite {
    requireNonNull(key, "key is null");
    requireNonNull(id, "id is null");
    requireNonNull(effect, "effect is null");
    requireNonNull(expected, "expected is null");
    entries = List.copyOf(entries);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("a write without an operation");
    }
    boolean fits =
        switch (effect) {
          case RowEffect.Insert _ -> expected instanceof Expected.Absent;
          case RowEffect.Update _, RowEffect.Delete _ -> expected instanceof Expected.Present;
          case RowEffect.None _ -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException(effect + " cannot expect " + expected);
    }
  }

  /** An operation and what was decided of it. */
  public record Entry(Submission submission, Ruling ruling) {
    public Entry {
      requireNonNull(submission, "submission is null");
      requireNonNull(ruling, "ruling is null");
    }
  }
}
