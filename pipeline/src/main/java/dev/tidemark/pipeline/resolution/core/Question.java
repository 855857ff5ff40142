package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.SyncOperation;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision depends on.
 *
 * @param seen the version that the device is known to have seen, for an operation that names none
 * @param baseRow the row, or the fields of it that are known, as the device had seen it
 * @param mayWrite whether the device's scopes allow it to write such a row
 */
public record Question(
    SyncOperation operation,
    Known known,
    @Nullable Version seen,
    @Nullable ObjectNode baseRow,
    Policy policy,
    Predicate<ObjectNode> mayWrite) {
  public Question {
    requireNonNull(operation, "operation is null");
    requireNonNull(known, "known is null");
    requireNonNull(policy, "policy is null");
    requireNonNull(mayWrite, "mayWrite is null");
  }
}
