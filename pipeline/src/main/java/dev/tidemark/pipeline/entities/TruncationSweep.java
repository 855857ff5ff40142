package dev.tidemark.pipeline.entities;

import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.entities.core.EntityState.Deleted;
import dev.tidemark.pipeline.entities.core.Fold;
import dev.tidemark.pipeline.entities.core.Folded.Ignored;
import dev.tidemark.pipeline.entities.core.Folded.Replaced;
import dev.tidemark.pipeline.entities.core.LastChange;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the entities of an emptied table, this partition's share of them, a bounded number at a
 * time: ending a million in one go would outlast the producer's transaction timeout, and the task
 * would be fenced and start over for ever.
 *
 * <p>A pending truncate lives in a store of its own, so a restart goes on with it. What happens in
 * between does no harm: the sweep spares every entity that is newer than the truncate.
 */
final class TruncationSweep {
  private static final Logger LOG = LoggerFactory.getLogger(TruncationSweep.class);

  /** How many entities one step looks at, a fraction of a second's work. */
  static final int STEP = 5_000;

  private final KeyValueStore<EntityKey, EntityState> entities;
  private final KeyValueStore<String, EntityState> truncations;
  private final EntitiesMeters meters;
  private final BiConsumer<EntityKey, EntityState> ended;

  /** Where to go on, by type; after a restart from the start again. */
  private final Map<String, EntityKey> next = new HashMap<>();

  TruncationSweep(
      KeyValueStore<EntityKey, EntityState> entities,
      KeyValueStore<String, EntityState> truncations,
      EntitiesMeters meters,
      BiConsumer<EntityKey, EntityState> ended) {
    this.entities = entities;
    this.truncations = truncations;
    this.meters = meters;
    this.ended = ended;
    try (KeyValueIterator<String, EntityState> pending = truncations.all()) {
      pending.forEachRemaining(truncate -> next.put(truncate.key, first(truncate.key)));
    }
  }

  /** Takes up a truncate and ends as many entities as one step may. */
  void begin(EntityChange change) {
    LastChange truncate =
        new LastChange(
            change.version(), change.transaction(), change.committedAt(), change.origin());
    EntityState pending = truncations.get(change.type());
    if (pending == null || truncate.version().isAfter(pending.version())) {
      truncations.put(change.type(), new Deleted(null, truncate, Map.of()));
      next.put(change.type(), first(change.type()));
    }
    step();
  }

  /** Ends some more entities, if a truncate is pending. */
  void step() {
    int left = STEP;
    while (left > 0 && !next.isEmpty()) {
      left -= sweep(next.keySet().iterator().next(), left);
    }
  }

  private int sweep(String type, int limit) {
    EntityState truncate = truncations.get(type);
    int seen = 0;
    int count = 0;
    try (KeyValueIterator<EntityKey, EntityState> known =
        entities.range(next.getOrDefault(type, first(type)), null)) {
      while (truncate != null && known.hasNext()) {
        KeyValue<EntityKey, EntityState> entity = known.next();
        if (!entity.key.type().equals(type)) {
          break;
        }
        if (seen == limit) {
          next.put(type, entity.key);
          meters.truncated(count);
          return seen;
        }
        seen++;
        switch (Fold.truncate(entity.value, truncate.lastChange())) {
          case Replaced(EntityState state) -> {
            entities.put(entity.key, state);
            ended.accept(entity.key, state);
            count++;
          }
          case Ignored _ -> {
            // Newer than the truncate, or ended before it.
          }
        }
      }
    }
    meters.truncated(count);
    truncations.delete(type);
    next.remove(type);
    LOG.info("{} was emptied: its entities of this partition have ended, the last {}", type, count);
    return seen;
  }

  private static EntityKey first(String type) {
    return new EntityKey(type, "");
  }
}
