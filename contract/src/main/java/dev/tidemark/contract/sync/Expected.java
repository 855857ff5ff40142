package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the database must still show for a decision to hold. A decision is made on a state that is
 * behind by nature; the write compares and sets.
 */
public sealed interface Expected {
  /** There is no such row. */
  record Absent() implements Expected {}

  /** The row has these values; of columns that are not named the decision did not depend. */
  record Present(ObjectNode values) implements Expected {
    public Present {
      requireNonNull(values, "values is null");
    }
  }
}
