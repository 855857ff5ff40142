package dev.tidemark.api.entities;

import dev.tidemark.contract.EntityKey;

/** The states of all entities, spread over nodes. Every call may block. */
public interface EntityStates {
  Locate locate(EntityKey key);

  /** Reads the store of this node, which must be the active owner of the partition. */
  LocalRead read(EntityKey key, int partition);

  /**
   * Whether the type's table was read whole and the store of this partition has taken in every
   * change that was in its topics a moment ago. Without that, nothing found means nothing: the
   * change that creates the entity may be on its way in.
   */
  boolean isCurrent(String type, int partition);
}
