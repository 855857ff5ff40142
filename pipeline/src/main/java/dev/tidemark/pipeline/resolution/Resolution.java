package dev.tidemark.pipeline.resolution;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.SyncSerdes;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.pipeline.runtime.LimitedSerde;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The resolver as a part of the topology that holds the entities: it decides on their states, so it
 * must be where they are.
 *
 * @param entitiesStore the store of those states
 */
public record Resolution(
    Catalog catalog, Policies policies, String entitiesStore, ResolverMeters meters)
    implements ProcessorSupplier<EntityKey, Event, EntityKey, RowWrite> {
  /** Operations on their way, by their entity. */
  public static final String PENDING = "pending";

  /** Operations that wait behind others of their entity, in their order. */
  public static final String QUEUE = "queue";

  static final int MOST_AT_ONCE = 100;

  private static final char SEPARATOR = '\u0000';
  private static final char AFTER_SEPARATOR = '\u0001';

  /** Most of it is gone at once, so compaction comes early. */
  private static final Map<String, String> CHANGELOG =
      Map.of(
          "segment.ms",
          "3600000",
          "min.cleanable.dirty.ratio",
          "0.2",
          "max.message.bytes",
          Integer.toString(Topics.DEAD_LETTER.maxRecordBytes()));

  @Override
  public Processor<EntityKey, Event, EntityKey, RowWrite> get() {
    return new Resolver(catalog, policies, entitiesStore, meters);
  }

  @Override
  public Set<StoreBuilder<?>> stores() {
    return Set.of(
        Stores.<EntityKey, Pending>keyValueStoreBuilder(
                Stores.persistentKeyValueStore(PENDING),
                WireSerdes.entityKey(),
                LimitedSerde.of(PendingSerde.serde()))
            .withCachingDisabled()
            .withLoggingEnabled(CHANGELOG),
        Stores.<String, Submission>keyValueStoreBuilder(
                Stores.persistentKeyValueStore(QUEUE),
                Serdes.String(),
                LimitedSerde.of(SyncSerdes.submission()))
            .withCachingDisabled()
            .withLoggingEnabled(CHANGELOG));
  }

  /** How its writes go out. */
  public static Serde<RowWrite> writes() {
    return WriteSerde.fitting();
  }

  /** The place of an operation in the queue of its entity: they stand in the order they came. */
  static String queueKey(EntityKey key, long offset) {
    return key.canonical() + SEPARATOR + "%016x".formatted(offset);
  }

  static String firstQueueKey(EntityKey key) {
    return key.canonical() + SEPARATOR;
  }

  static String lastQueueKey(EntityKey key) {
    return key.canonical() + AFTER_SEPARATOR;
  }
}
