package dev.tidemark.api.entities;

import static java.util.Objects.requireNonNull;

import dev.tidemark.pipeline.entities.core.EntityState;

/** What the store of this node says of an entity. */
public sealed interface LocalRead {
  /** There is a state; it may be a tombstone. */
  record Found(EntityState state) implements LocalRead {
    public Found {
      requireNonNull(state, "state is null");
    }
  }

  /** There is none in the store. Whether that is the truth is another question. */
  record Nothing() implements LocalRead {}

  /** The store cannot say. */
  record Unavailable(String why) implements LocalRead {
    public Unavailable {
      requireNonNull(why, "why is null");
    }
  }
}
