package dev.tidemark.connectors.capture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the transaction that is being read has said of itself in front of its changes: who caused
 * them, for all of them or by entity. Of those entities it remembers what became of them, because
 * the ledger's rows come behind. Not thread-safe.
 */
final class Announced {
  private static final Logger LOG = LoggerFactory.getLogger(Announced.class);

  private final Map<String, Origin> byEntity = new HashMap<>();
  private final Map<String, Touched> touched = new HashMap<>();
  private long transaction;
  private @Nullable Origin ofAll;

  /** A change of this transaction: the version after it and the row; null if the row is gone. */
  record Touched(Version version, byte @Nullable [] row) {}

  /**
   * Takes a message of the form {@code {"entities": [[key, origin], …]}} or one origin for all.
   * {@code {"entities": {key: origin}}} means the same, and is how it was written once.
   */
  void take(long ofTransaction, byte[] message) {
    begin(ofTransaction);
    try {
      JsonNode json = WireSerdes.exactJson().readTree(message);
      JsonNode entities = json.path("entities");
      if (entities.isArray()) {
        for (JsonNode entity : entities) {
          take(entity.path(0).asText(), entity.path(1));
        }
      } else if (entities.isObject()) {
        entities.properties().forEach(entity -> take(entity.getKey(), entity.getValue()));
      } else if (!json.path("operation").asText("").isEmpty()) {
        ofAll = WireSerdes.readOrigin(json);
      }
    } catch (IOException | SerializationException e) {
      LOG.warn(
          "a {} message cannot be read: the origin of its changes stays unknown",
          SourceDatabase.ORIGIN,
          e);
    }
  }

  private void take(String key, JsonNode json) {
    Origin origin = WireSerdes.readOrigin(json);
    if (origin != null) {
      byEntity.put(key, origin);
    }
  }

  private void begin(long ofTransaction) {
    if (transaction != ofTransaction) {
      transaction = ofTransaction;
      byEntity.clear();
      touched.clear();
      ofAll = null;
    }
  }

  /** Who caused a change of this entity, if the transaction has said so. */
  @Nullable Origin origin(long ofTransaction, @Nullable EntityKey key) {
    if (transaction != ofTransaction) {
      return null;
    }
    Origin origin = key == null || byEntity.isEmpty() ? null : byEntity.get(key.canonical());
    return origin == null ? ofAll : origin;
  }

  /** Whether this transaction has said anything. */
  boolean isAbout(long ofTransaction) {
    return transaction == ofTransaction;
  }

  /** Whether the ledger will ask for what became of this entity. */
  boolean isAwaited(long ofTransaction, EntityKey key) {
    return transaction == ofTransaction
        && !byEntity.isEmpty()
        && byEntity.containsKey(key.canonical());
  }

  void touch(EntityKey key, Version version, byte @Nullable [] row) {
    touched.put(key.canonical(), new Touched(version, row));
  }

  /** What the transaction has done to an entity; null if nothing. */
  @Nullable Touched touched(long ofTransaction, EntityKey key) {
    return transaction == ofTransaction ? touched.get(key.canonical()) : null;
  }
}
