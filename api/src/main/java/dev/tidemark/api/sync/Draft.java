package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.SyncOperation;
import org.jspecify.annotations.Nullable;

/**
 * An operation that was read and found in order.
 *
 * @param index its place in the batch
 * @param hash tells its content from another under the same key
 */
record Draft(
    int index,
    EntityType type,
    SyncOperation operation,
    String idempotencyKey,
    String hash,
    @Nullable ObjectNode baseData) {
  Draft {
    requireNonNull(type, "type is null");
    requireNonNull(operation, "operation is null");
    requireNonNull(idempotencyKey, "idempotencyKey is null");
    requireNonNull(hash, "hash is null");
  }

  /** The same, where one key always means one content, whatever else an attempt adds to it. */
  Draft withKeyAsContent() {
    ObjectNode content = operation.data().objectNode().put("idempotency_key", idempotencyKey);
    return new Draft(index, type, operation, idempotencyKey, OperationIds.hash(content), baseData);
  }

  String id() {
    return operation.id();
  }
}
