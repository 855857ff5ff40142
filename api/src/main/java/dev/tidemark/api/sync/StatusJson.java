package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.Result;

/** Writes how a device stands. */
final class StatusJson {
  private StatusJson() {}

  static ObjectNode of(String device, DeviceStatus status) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("device_id", device);
    ObjectNode operations = json.putObject("operations");
    for (Result result : Result.values()) {
      operations.put(result.text(), status.results().getOrDefault(result, 0L));
    }
    status
        .seen()
        .ifPresentOrElse(
            seen -> {
              json.put("first_seen", seen.first().toString());
              json.put("last_seen", seen.last().toString());
              json.put("last_batch", seen.lastBatch());
              json.put("batches", seen.batches());
              json.put("clock_skew_ms", seen.ahead().toMillis());
            },
            () -> {
              json.putNull("first_seen");
              json.putNull("last_seen");
              json.putNull("last_batch");
              json.put("batches", 0);
              json.putNull("clock_skew_ms");
            });
    json.put("pending", status.pending());
    status
        .oldestPending()
        .ifPresentOrElse(
            oldest -> json.put("oldest_pending", oldest.toString()),
            () -> json.putNull("oldest_pending"));
    ArrayNode gaps = json.putArray("sequence_gaps");
    for (DeviceStatus.Gap gap : status.gaps()) {
      gaps.addObject().put("from", gap.from()).put("to", gap.to());
    }
    json.put("open_conflicts", status.openConflicts());
    return json;
  }
}
