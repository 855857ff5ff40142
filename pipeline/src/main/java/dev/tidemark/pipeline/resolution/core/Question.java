package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision depends on.
 *
 * @param seen the version that the device is known to have seen, for an operation that names none
 * @param baseRow the row, or the fields of it that are known, as the device had seen it
 * @param mayWrite whether the device's scopes allow it to write such a row
 * @param takesBack whether the operation merges an earlier one out of what came after it
 */
public record Question(
    SyncOperation operation,
    Known known,
    @Nullable Version seen,
    @Nullable ObjectNode baseRow,
    Policy policy,
    Predicate<ObjectNode> mayWrite,
    boolean takesBack) {
  public Question {
    requireNonNull(operation, "operation is null");
    requireNonNull(known, "known is null");
    requireNonNull(policy, "policy is null");
    requireNonNull(mayWrite, "mayWrite is null");
  }

  /** Whether an operation is to be merged out; any other reversal is an edit like all others. */
  public static boolean takesBack(Submission submission) {
    return submission.undoes() != null && submission.operation().strategy() == Strategy.MERGE;
  }
}
