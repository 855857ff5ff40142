package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import java.util.Optional;

/** Writes all that is known of an operation. */
final class OperationRecord {
  private OperationRecord() {}

  /**
   * @param whole also what was found: that may be of a row which the device was not to know of
   */
  static ObjectNode of(
      LedgerEntry entry, boolean whole, Optional<String> resolvedBy, Optional<String> undoneBy) {
    Submission submission = entry.submission();
    SyncOperation operation = submission.operation();
    Ruling ruling = entry.ruling();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("operation_id", operation.id());
    json.put("device_id", operation.device());
    json.put("batch_id", submission.batch());
    json.put("index", submission.index());
    json.put("idempotency_key", submission.idempotencyKey());
    json.put("entity_type", operation.key().type());
    json.put("entity_id", operation.key().id());
    json.put("operation", operation.kind().text());
    json.set("data", operation.data());
    json.set("base_data", submission.baseData());
    json.put("base_version", operation.base() == null ? null : operation.base().toString());
    operation.sequence().ifPresent(sequence -> json.put("sequence", sequence));
    json.put("conflict_resolution_strategy", operation.strategy().text());
    json.put("client_timestamp", operation.clientTime().toString());
    json.put("corrected_timestamp", operation.time().toString());
    json.put("received_at", submission.received().toString());
    json.put("written_at", entry.written().toString());
    json.put("result", ruling.result().text());
    ConflictType conflict = ruling.conflict();
    json.put("conflict_type", conflict == null ? null : conflict.text());
    ArrayNode fields = json.putArray("conflicting_fields");
    ruling.fields().forEach(fields::add);
    json.put("resolution", ruling.resolution());
    json.put("reason", ruling.reason());
    json.set("error", ruling.error());
    json.put(
        "server_version",
        ruling.serverVersion() == null ? null : ruling.serverVersion().toString());
    json.set("server_data", ruling.serverRow());
    json.set("suggestion", ruling.suggestion());
    ObjectNode decision = ruling.decision();
    json.set("decision", whole ? decision : decision.deepCopy().without("question"));
    json.put("resolves", submission.resolves());
    json.put("undoes", submission.undoes());
    json.put("resolved_by", resolvedBy.orElse(null));
    json.put("undone_by", undoneBy.orElse(null));
    json.put("request_id", submission.request());
    return json;
  }
}
