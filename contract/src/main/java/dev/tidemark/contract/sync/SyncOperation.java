package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a device, as it was accepted.
 *
 * @param id names it everywhere: in the ledger, in outcomes, in questions
 * @param device who asks for it
 * @param key the entity
 * @param data a patch: fields that it does not name stay as they are, null sets null; empty with a
 *     delete
 * @param base the version that the device had seen, if it says so
 * @param clientTime when the device says it happened
 * @param time the same, corrected by how far the device's clock was off, and never in the future
 * @param sequence the device's own running number, if it keeps one
 */
public record SyncOperation(
    String id,
    String device,
    EntityKey key,
    OperationKind kind,
    ObjectNode data,
    @Nullable Version base,
    Instant clientTime,
    Instant time,
    Strategy strategy,
    OptionalLong sequence) {
  public SyncOperation {
    requireNonNull(id, "id is null");
    requireNonNull(device, "device is null");
    requireNonNull(key, "key is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(data, "data is null");
    requireNonNull(clientTime, "clientTime is null");
    requireNonNull(time, "time is null");
    requireNonNull(strategy, "strategy is null");
    requireNonNull(sequence, "sequence is null");
    if (kind == OperationKind.DELETE && !data.isEmpty()) {
      throw new IllegalArgumentException("a delete has no data");
    }
  }
}
