package dev.tidemark.connectors.write;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A statement for many failed: one of them is to blame, and nobody knows which. */
final class StepFailed extends Exception {
  private static final long serialVersionUID = 1;

  /** What the statement was for. */
  enum Step {
    ROWS,
    LEDGER,
    BATCHES
  }

  private final Step step;
  private final transient @Nullable RowGroup group;
  private final SQLException failure;

  StepFailed(Step step, @Nullable RowGroup group, SQLException failure) {
    super(failure);
    this.step = step;
    this.group = group;
    this.failure = failure;
  }

  Step step() {
    return step;
  }

  /** The writes that the statement was for; null if it was for all. */
  @Nullable RowGroup group() {
    return group;
  }

  SQLException failure() {
    return failure;
  }
}
