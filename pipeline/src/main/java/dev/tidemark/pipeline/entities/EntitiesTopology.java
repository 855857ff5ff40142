package dev.tidemark.pipeline.entities;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.resolution.Event;
import dev.tidemark.pipeline.resolution.Policies;
import dev.tidemark.pipeline.resolution.Resolution;
import dev.tidemark.pipeline.resolution.ResolverMeters;
import dev.tidemark.pipeline.runtime.LimitedSerde;
import dev.tidemark.pipeline.runtime.StreamsFeature;
import dev.tidemark.pipeline.runtime.TopologyStory;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Folds every committed change into the latest state of its entity, and decides devices' operations
 * on those states.
 *
 * <p>One source reads all change topics, so that one task holds all entities of its partition and
 * one store answers for every type. The topics must therefore have equally many partitions, and an
 * entity is found where its key is.
 */
public final class EntitiesTopology implements StreamsFeature {
  public static final String NAME = "entities";

  /** The latest state of every entity, by its key. */
  public static final String ENTITIES = "entities";

  /** Truncates that have not ended all their entities yet, by type. */
  public static final String TRUNCATIONS = "truncations";

  static final String CHANGES = "changes";
  static final String FOLD = "fold-changes";
  static final String OPERATIONS = "operations";
  static final String ANSWERS = "answers";
  static final String OUTCOMES = "outcomes";
  static final String RESOLVE = "resolve";
  static final String WRITES = "writes";

  private final Catalog catalog;
  private final MeterRegistry registry;

  public EntitiesTopology(Catalog catalog, MeterRegistry registry) {
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.registry = requireNonNull(registry, "registry is null");
    if (catalog.types().isEmpty()) {
      throw new IllegalArgumentException("the catalog names no entity type, so nothing changes");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Topic<?, ?>> reads() {
    List<Topic<?, ?>> topics = new ArrayList<>(changes());
    topics.addAll(List.of(Topics.OPERATION, Topics.WRITE_ANSWER, Topics.OUTCOME));
    return topics;
  }

  @Override
  public Topology topology(StreamsConfig config) {
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    Policies policies = new Policies(catalog);
    KStream<EntityKey, Event> changed =
        builder.stream(
                changes().stream().map(Topic::name).toList(),
                Consumed.with(WireSerdes.entityKey(), WireSerdes.entityChange()).withName(CHANGES))
            .process(new FoldChanges(new EntitiesMeters(registry), policies), Named.as(FOLD));
    KStream<EntityKey, Event> asked =
        stream(builder, Topics.OPERATION, OPERATIONS)
            .mapValues(submission -> (Event) new Event.Asked(submission), Named.as("asked"));
    KStream<EntityKey, Event> answered =
        stream(builder, Topics.WRITE_ANSWER, ANSWERS)
            .mapValues(answer -> (Event) new Event.Answered(answer), Named.as("answered"));
    KStream<EntityKey, Event> settled =
        stream(builder, Topics.OUTCOME, OUTCOMES)
            .mapValues(outcome -> (Event) new Event.Settled(outcome), Named.as("settled"));
    changed
        .merge(asked, Named.as("changed-or-asked"))
        .merge(answered, Named.as("or-answered"))
        .merge(settled, Named.as("or-settled"))
        .process(
            new Resolution(catalog, policies, ENTITIES, new ResolverMeters(registry)),
            Named.as(RESOLVE),
            ENTITIES)
        .to(
            Topics.WRITE.name(),
            Produced.with(Topics.WRITE.keySerde(), Resolution.writes()).withName(WRITES));
    return builder.build();
  }

  private List<Topic<?, ?>> changes() {
    return catalog.types().stream().<Topic<?, ?>>map(Topics::change).toList();
  }

  private static <V> KStream<EntityKey, V> stream(
      StreamsBuilder builder, Topic<EntityKey, V> topic, String name) {
    return builder.stream(
        topic.name(), Consumed.with(topic.keySerde(), topic.valueSerde()).withName(name));
  }

  @Override
  public TopologyStory story() {
    return EntitiesStory.tell();
  }

  /** The processor with the stores that it brings along. */
  private record FoldChanges(EntitiesMeters meters, Policies policies)
      implements ProcessorSupplier<@Nullable EntityKey, @Nullable EntityChange, EntityKey, Event> {
    /** A state is replaced often, so compaction comes early; it is as large as a change can be. */
    private static final Map<String, String> CHANGELOG =
        Map.of(
            "segment.ms",
            "3600000",
            "min.cleanable.dirty.ratio",
            "0.2",
            "max.message.bytes",
            Integer.toString(Topics.DEAD_LETTER.maxRecordBytes()));

    @Override
    public Processor<@Nullable EntityKey, @Nullable EntityChange, EntityKey, Event> get() {
      return new EntitiesProcessor(meters, policies);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      StoreBuilder<?> entities =
          Stores.<EntityKey, EntityState>keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(ENTITIES),
                  WireSerdes.entityKey(),
                  LimitedSerde.of(EntityStateSerde.serde()))
              .withCachingDisabled()
              .withLoggingEnabled(CHANGELOG);
      StoreBuilder<?> truncations =
          Stores.<String, EntityState>keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(TRUNCATIONS),
                  Serdes.String(),
                  LimitedSerde.of(EntityStateSerde.serde()))
              .withCachingDisabled()
              .withLoggingEnabled(CHANGELOG);
      return Set.of(entities, truncations);
    }
  }
}
