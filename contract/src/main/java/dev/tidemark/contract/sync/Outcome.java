package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of an operation, as the ledger has it; committed in one transaction with the row.
 *
 * @param operation its id
 * @param data what the device had set
 * @param base the version that the device named
 * @param fields those that were contested
 * @param resolution whose side the outcome is on; null without a conflict
 * @param error why it was refused or rejected; null if it was not
 * @param serverRow the row that the server had, where the device is told of it
 * @param suggestion the row as a merge would leave it, if it conflicted
 * @param written when it was written down
 * @param version the entity's version after it; null if the row was not touched
 * @param row the row after it; null if the row was not touched, or is gone
 */
public record Outcome(
    String operation,
    String device,
    EntityKey key,
    String batch,
    int index,
    String idempotencyKey,
    String hash,
    OperationKind kind,
    ObjectNode data,
    @Nullable Version base,
    Result result,
    @Nullable ConflictType conflict,
    List<String> fields,
    @Nullable String resolution,
    String reason,
    @Nullable ObjectNode error,
    @Nullable Version serverVersion,
    @Nullable ObjectNode serverRow,
    @Nullable ObjectNode suggestion,
    @Nullable String resolves,
    @Nullable String undoes,
    String request,
    Instant received,
    Instant written,
    @Nullable Version version,
    @Nullable ObjectNode row) {
  public Outcome {
    requireNonNull(operation, "operation is null");
    requireNonNull(device, "device is null");
    requireNonNull(key, "key is null");
    requireNonNull(batch, "batch is null");
    requireNonNull(idempotencyKey, "idempotencyKey is null");
    requireNonNull(hash, "hash is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(data, "data is null");
    requireNonNull(result, "result is null");
    fields = List.copyOf(fields);
    requireNonNull(reason, "reason is null");
    requireNonNull(request, "request is null");
    requireNonNull(received, "received is null");
    requireNonNull(written, "written is null");
  }

  /** What became of an operation by a ruling that did not touch its row, or nobody knows how. */
  public static Outcome of(Submission submission, Ruling ruling, Instant written) {
    SyncOperation operation = submission.operation();
    return new Outcome(
        operation.id(),
        operation.device(),
        operation.key(),
        submission.batch(),
        submission.index(),
        submission.idempotencyKey(),
        submission.hash(),
        operation.kind(),
        operation.data(),
        operation.base(),
        ruling.result(),
        ruling.conflict(),
        ruling.fields(),
        ruling.resolution(),
        ruling.reason(),
        ruling.error(),
        ruling.serverVersion(),
        ruling.serverRow(),
        ruling.suggestion(),
        submission.resolves(),
        submission.undoes(),
        submission.request(),
        submission.received(),
        written,
        null,
        null);
  }

  /** The same with the row as it is now. */
  public Outcome with(@Nullable Version newVersion, @Nullable ObjectNode newRow) {
    return new Outcome(
        operation,
        device,
        key,
        batch,
        index,
        idempotencyKey,
        hash,
        kind,
        data,
        base,
        result,
        conflict,
        fields,
        resolution,
        reason,
        error,
        serverVersion,
        serverRow,
        suggestion,
        resolves,
        undoes,
        request,
        received,
        written,
        newVersion,
        newRow);
  }
}
