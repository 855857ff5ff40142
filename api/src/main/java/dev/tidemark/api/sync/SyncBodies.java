package dev.tidemark.api.sync;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes of sync for the OpenAPI document; nothing is read or written through them. */
final class SyncBodies {
  private SyncBodies() {}

  @Introspected
  @Schema(name = "Batch", description = "Operations that a device sends together.")
  record Batch(
      @JsonProperty("batch_id") @Schema(description = "The device's name for it.") String batchId,
      @JsonProperty("device_id")
          @Schema(description = "The device; as the token says. Or in X-Device-ID.")
          @Nullable String deviceId,
      @JsonProperty("sent_at")
          @Schema(
              description = "When it is sent, by the device's clock: shows how far that is off.",
              format = "date-time")
          @Nullable String sentAt,
      @Schema(description = "At most 1,000.") List<BatchOperation> operations) {}

  @Introspected
  @Schema(name = "BatchOperation", description = "One operation on one entity.")
  record BatchOperation(
      @JsonProperty("entity_type") @Schema(description = "As the catalog names it.")
          String entityType,
      @JsonProperty("entity_id")
          @Schema(
              description =
                  "A number, text, or an object of the key's columns. A create may leave it out if"
                      + " the key is one uuid.")
          @Nullable Object entityId,
      @Schema(description = "What it does: create, update or delete.") String operation,
      @Schema(description = "Columns to set; absent ones stay, null sets null.")
          @Nullable Map<String, Object> data,
      @JsonProperty("base_data")
          @Schema(description = "Values the device had seen, of fields that count from them.")
          @Nullable Map<String, Object> baseData,
      @JsonProperty("client_timestamp") @Schema(format = "date-time") String clientTimestamp,
      @JsonProperty("base_version") @Schema(description = "The version the device had seen.")
          @Nullable String baseVersion,
      @JsonProperty("idempotency_key")
          @Schema(description = "The device's own name for the operation; never used twice.")
          String idempotencyKey,
      @JsonProperty("conflict_resolution_strategy")
          @Schema(
              description =
                  "What decides where it meets another change: client_wins, server_wins,"
                      + " last_write_wins (if absent), merge or manual.")
          @Nullable String strategy,
      @Schema(description = "The device's own running number.") @Nullable Long sequence) {}

  @Introspected
  @Schema(name = "BatchAnswer", description = "What became of a batch.")
  record BatchAnswer(
      @JsonProperty("batch_id") String batchId,
      @JsonProperty("device_id") String deviceId,
      @Schema(description = "Whether all operations are through.") boolean settled,
      @Schema(description = "How many are through.") int processed,
      @Schema(description = "Applied, or nothing had to be done.") List<Success> successes,
      @Schema(description = "Met another change; resolved or open.") List<Conflict> conflicts,
      @Schema(description = "A problem each, with the operation's index.")
          List<Map<String, Object>> errors,
      @Schema(description = "Indexes of operations that are on their way.") List<Integer> pending,
      @JsonProperty("server_timestamp") @Schema(format = "date-time") String serverTimestamp) {}

  @Introspected
  @Schema(name = "Success", description = "An operation that met no other change.")
  record Success(
      int index,
      @JsonProperty("operation_id") String operationId,
      @JsonProperty("idempotency_key") String idempotencyKey,
      @JsonProperty("entity_type") String entityType,
      @JsonProperty("entity_id") String entityId,
      String operation,
      @Schema(description = "Whether anything had to be done: applied or unchanged.") String result,
      @JsonProperty("written_at") @Schema(format = "date-time") String writtenAt,
      @Schema(description = "The conflict that it was to settle.") @Nullable String resolves,
      @Schema(description = "The operation that it was to take back.") @Nullable String undoes,
      @Schema(description = "True if it was through before it was sent this time.")
          @Nullable Boolean duplicate,
      @Schema(description = "The entity's version; absent while it is not known.")
          @Nullable String version,
      @Schema(description = "The row as it is now.") @Nullable Map<String, Object> row) {}

  @Introspected
  @Schema(name = "Conflict", description = "An operation that met another change.")
  record Conflict(
      int index,
      @JsonProperty("operation_id") String operationId,
      @JsonProperty("conflict_id")
          @Schema(description = "Under which a person can resolve it, if it is open.")
          @Nullable String conflictId,
      @JsonProperty("idempotency_key") String idempotencyKey,
      @JsonProperty("entity_type") String entityType,
      @JsonProperty("entity_id") String entityId,
      String operation,
      @JsonProperty("written_at") @Schema(format = "date-time") String writtenAt,
      @JsonProperty("conflict_type")
          @Schema(
              description =
                  "The device's operation first: update_update, update_delete, delete_update or"
                      + " create_create.")
          String conflictType,
      @JsonProperty("client_version") @Nullable String clientVersion,
      @JsonProperty("server_version") @Nullable String serverVersion,
      @JsonProperty("client_data") Map<String, Object> clientData,
      @JsonProperty("server_data") @Nullable Map<String, Object> serverData,
      @JsonProperty("conflicting_fields") List<String> conflictingFields,
      @JsonProperty("suggested_resolution") @Nullable Resolution suggestedResolution,
      @Schema(description = "What became of the operation: applied, unchanged or open.")
          String result,
      @Schema(description = "Whose side: client, server, merged or open.") String resolution,
      @Schema(description = "The rule that decided, in a word.") String reason,
      @Schema(description = "True if it was through before it was sent this time.")
          @Nullable Boolean duplicate,
      @Nullable String version,
      @Nullable Map<String, Object> row) {}

  @Introspected
  @Schema(name = "Resolution", description = "How a conflict is settled.")
  record Resolution(
      @Schema(
              description =
                  "What the device wanted, what is there, or the given values: client, server or"
                      + " merge.")
          String resolution,
      @Schema(description = "With merge: the columns to set.")
          @Nullable Map<String, Object> data) {}

  @Introspected
  @Schema(name = "DeviceStatus", description = "How a device stands.")
  record Status(
      @JsonProperty("device_id") String deviceId,
      @Schema(description = "How many operations ended how.") Map<String, Long> operations,
      @JsonProperty("first_seen") @Nullable String firstSeen,
      @JsonProperty("last_seen") @Nullable String lastSeen,
      @JsonProperty("last_batch") @Nullable String lastBatch,
      long batches,
      @JsonProperty("clock_skew_ms")
          @Schema(description = "By how much its clock is ahead of ours.")
          @Nullable Long clockSkewMs,
      @Schema(description = "Operations that are on their way.") long pending,
      @JsonProperty("oldest_pending") @Nullable String oldestPending,
      @JsonProperty("sequence_gaps")
          @Schema(description = "Running numbers that never came, at most ten ranges.")
          List<Map<String, Long>> sequenceGaps,
      @JsonProperty("open_conflicts") long openConflicts) {}

  @Introspected
  @Schema(name = "Conflicts", description = "A page of conflicts, oldest first.")
  record Conflicts(
      List<Conflict> conflicts,
      @JsonProperty("next_cursor") @Schema(description = "Null on the last page.")
          @Nullable String nextCursor) {}

  @Introspected
  @Schema(name = "OperationRecord", description = "All that is written down of an operation.")
  record OperationRecord(
      @JsonProperty("operation_id") String operationId,
      @JsonProperty("device_id") String deviceId,
      @Schema(description = "What was decided upon, and what became of each field.")
          Map<String, Object> decision) {}
}
