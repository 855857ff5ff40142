package dev.tidemark.api.sync;

import dev.tidemark.api.problem.Problem;

/** What an entry of a batch is. */
sealed interface OperationReading {
  /** An operation. */
  record Valid(Draft draft) implements OperationReading {}

  /** None that can be accepted. */
  record Invalid(Problem problem) implements OperationReading {}
}
