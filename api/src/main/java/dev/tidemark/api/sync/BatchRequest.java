package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch as it came; its operations are not read yet. */
record BatchRequest(String id, String device, @Nullable Instant sent, List<JsonNode> operations) {
  BatchRequest {
    requireNonNull(id, "id is null");
    requireNonNull(device, "device is null");
    operations = List.copyOf(operations);
  }
}
