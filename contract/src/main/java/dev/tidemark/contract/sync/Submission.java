package dev.tidemark.contract.sync;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation with all that came with it: enough to decide it, write it and tell of it later.
 *
 * @param idempotencyKey the device's own name for the operation; with the device it makes the
 *     operation's id
 * @param hash tells one content of an operation from another under the same key
 * @param batch the batch it came in, as the device calls it
 * @param index its place in that batch
 * @param received when that batch arrived
 * @param permission which rows the device may see and write
 * @param parents entities that the row refers to and that the same batch creates
 * @param baseData values that the device says it had seen, for fields that count from them
 * @param resolves the operation whose open conflict this one settles
 * @param undoes the operation that this one takes back
 * @param request the id of the request that brought it
 */
public record Submission(
    SyncOperation operation,
    String idempotencyKey,
    String hash,
    String batch,
    int index,
    Instant received,
    Permission permission,
    List<EntityKey> parents,
    @Nullable ObjectNode baseData,
    @Nullable String resolves,
    @Nullable String undoes,
    String request) {
  public Submission {
    requireNonNull(operation, "operation is null");
    requireNonNull(idempotencyKey, "idempotencyKey is null");
    requireNonNull(hash, "hash is null");
    requireNonNull(batch, "batch is null");
    requireNonNull(received, "received is null");
    requireNonNull(permission, "permission is null");
    parents = List.copyOf(parents);
    requireNonNull(request, "request is null");
  }
}
