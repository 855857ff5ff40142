package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch as it was accepted.
 *
 * @param id as the device calls it
 * @param sent when the device says it sent it
 * @param ahead by how much the device's clock is ahead of ours
 * @param request the id of the request that brought it
 * @param operations the ids of its operations by their place; those that were invalid are not here
 * @param errors the operations that were invalid
 */
public record SubmittedBatch(
    String device,
    String id,
    Instant received,
    @Nullable Instant sent,
    Duration ahead,
    String request,
    List<Accepted> operations,
    List<Invalid> errors) {
  public SubmittedBatch {
    requireNonNull(device, "device is null");
    requireNonNull(id, "id is null");
    requireNonNull(received, "received is null");
    requireNonNull(ahead, "ahead is null");
    requireNonNull(request, "request is null");
    operations = List.copyOf(operations);
    errors = List.copyOf(errors);
  }

  /** An operation that was accepted: its place and its id. */
  public record Accepted(int index, String operation) {
    public Accepted {
      requireNonNull(operation, "operation is null");
    }
  }

  /** An operation that could not be accepted: its place and the problem that the device is told. */
  public record Invalid(int index, ObjectNode problem) {
    public Invalid {
      requireNonNull(problem, "problem is null");
    }
  }
}
