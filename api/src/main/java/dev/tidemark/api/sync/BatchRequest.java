package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch as it came; its operations are not read yet.
 *
 * @param keysAreContents whether the idempotency keys are made of what the operations do. Such an
 *     operation is the same at every attempt, also if an attempt gives it another time
 */
public record BatchRequest(
    String id,
    String device,
    @Nullable Instant sent,
    List<JsonNode> operations,
    boolean keysAreContents) {
  public BatchRequest {
    requireNonNull(id, "id is null");
    requireNonNull(device, "device is null");
    operations = List.copyOf(operations);
  }
}
