package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is to be done to a row. */
public sealed interface RowEffect {
  /** Columns that it does not name get their defaults. */
  record Insert(ObjectNode row) implements RowEffect {
    public Insert {
      requireNonNull(row, "row is null");
    }
  }

  /** Columns that it does not name stay as they are. */
  record Update(ObjectNode patch) implements RowEffect {
    public Update {
      requireNonNull(patch, "patch is null");
      if (patch.isEmpty()) {
        throw new IllegalArgumentException("an update that changes nothing is no update");
      }
    }
  }

  /** The row goes. */
  record Delete() implements RowEffect {}

  /** The row stays. */
  record None() implements RowEffect {}
}
