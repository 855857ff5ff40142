package dev.tidemark.api.entities;

import static java.util.Objects.requireNonNull;

/** Where the state of an entity is. */
public sealed interface Locate {
  /** Here. */
  record Local(int partition) implements Locate {}

  /** On another node. */
  record Remote(NodeAddress node) implements Locate {
    public Remote {
      requireNonNull(node, "node is null");
    }
  }

  /** Nowhere, right now. */
  record Unavailable(String why) implements Locate {
    public Unavailable {
      requireNonNull(why, "why is null");
    }
  }
}
