package dev.tidemark.pipeline.cache;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.pipeline.cache.core.Targets;
import dev.tidemark.pipeline.runtime.Delivery;
import dev.tidemark.pipeline.runtime.LimitedSerde;
import dev.tidemark.pipeline.runtime.StreamsFeature;
import dev.tidemark.pipeline.runtime.TopologyStory;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Derives from every change which answers of views it makes untrue.
 *
 * <p>It keeps nothing and delivers at least once: an invalidation that comes twice does the same
 * twice, and so it need not wait for the transaction that carries the change through Kafka. The
 * database committed it before capture saw it.
 */
public final class CacheTopology implements StreamsFeature {
  public static final String NAME = "cache";

  static final String CHANGES = "cache-changes";
  static final String DERIVE = "derive-invalidations";
  static final String INVALIDATIONS = "invalidations";
  static final String PUT_ASIDE = "put-aside";
  static final String DERIVE_LOST = "derive-from-what-is-lost";
  static final String LOST = "invalidations-of-what-is-lost";

  private final Catalog catalog;
  private final MeterRegistry registry;

  public CacheTopology(Catalog catalog, MeterRegistry registry) {
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
  public Delivery delivery() {
    return Delivery.AT_LEAST_ONCE;
  }

  @Override
  public List<Topic<?, ?>> reads() {
    List<Topic<?, ?>> topics = new ArrayList<>(changes());
    topics.add(Topics.DEAD_LETTER);
    return topics;
  }

  @Override
  public Topology topology(StreamsConfig config) {
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    Targets targets = new Targets(catalog);
    CacheMeters meters = new CacheMeters(registry);
    builder.stream(
            changes().stream().map(Topic::name).toList(),
            Consumed.with(WireSerdes.entityKey(), WireSerdes.entityChange()).withName(CHANGES))
        .process(() -> new DeriveInvalidations(targets, meters), Named.as(DERIVE))
        .to(Topics.INVALIDATION.name(), produced(INVALIDATIONS));
    builder.stream(
            Topics.DEAD_LETTER.name(),
            Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName(PUT_ASIDE))
        .process(() -> new DeriveLost(targets, meters), Named.as(DERIVE_LOST))
        .to(Topics.INVALIDATION.name(), produced(LOST));
    return builder.build();
  }

  private static Produced<String, Invalidation> produced(String name) {
    return Produced.with(
            Topics.INVALIDATION.keySerde(), LimitedSerde.of(Topics.INVALIDATION.valueSerde()))
        .withName(name);
  }

  private List<Topic<?, ?>> changes() {
    return catalog.types().stream().<Topic<?, ?>>map(Topics::change).toList();
  }

  @Override
  public TopologyStory story() {
    return CacheStory.tell();
  }
}
