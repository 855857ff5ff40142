package dev.tidemark.pipeline.entities.core;

import static java.util.Objects.requireNonNull;

/** What became of a change. */
public sealed interface Folded {
  /** The entity is now this. */
  record Replaced(EntityState state) implements Folded {
    public Replaced {
      requireNonNull(state, "state is null");
    }
  }

  /** The entity stays what it was. */
  record Ignored(Reason reason) implements Folded {
    public Ignored {
      requireNonNull(reason, "reason is null");
    }
  }

  /** Why a change was ignored. */
  enum Reason {
    /** The change is the one that made the entity what it is. */
    REPEATED,
    /** The entity has seen a newer change. */
    STALE,
    /** A snapshot read a row of which the changes of the same epoch already tell. */
    KNOWN_FROM_CHANGES,
    /** The table was emptied, but the entity had been deleted already. */
    ALREADY_DELETED
  }
}
