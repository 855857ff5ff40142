package dev.tidemark.pipeline.entities;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.entities.core.Fold;
import dev.tidemark.pipeline.entities.core.Folded.Ignored;
import dev.tidemark.pipeline.entities.core.Folded.Replaced;
import dev.tidemark.pipeline.resolution.Event;
import dev.tidemark.pipeline.resolution.Policies;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the store, asks {@link Fold}, writes the store. */
final class EntitiesProcessor
    implements Processor<@Nullable EntityKey, @Nullable EntityChange, EntityKey, Event> {
  private static final Logger LOG = LoggerFactory.getLogger(EntitiesProcessor.class);

  /** How often a truncate that did not end all its entities at once goes on. */
  static final Duration SWEEP_INTERVAL = Duration.ofMillis(50);

  private final EntitiesMeters meters;
  private final Policies policies;
  private @Nullable Stores stores;

  /** What exists between init and close. */
  private record Stores(
      ProcessorContext<EntityKey, Event> context,
      KeyValueStore<EntityKey, EntityState> entities,
      TruncationSweep sweep) {}

  EntitiesProcessor(EntitiesMeters meters, Policies policies) {
    this.meters = meters;
    this.policies = policies;
  }

  @Override
  public void init(ProcessorContext<EntityKey, Event> context) {
    KeyValueStore<EntityKey, EntityState> entities =
        context.getStateStore(EntitiesTopology.ENTITIES);
    KeyValueStore<String, EntityState> truncations =
        context.getStateStore(EntitiesTopology.TRUNCATIONS);
    TruncationSweep sweep =
        new TruncationSweep(
            entities,
            truncations,
            meters,
            (key, state) -> tell(context, key, state, context.currentSystemTimeMs()));
    stores = new Stores(context, entities, sweep);
    context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> sweep.step());
  }

  @Override
  public void process(Record<@Nullable EntityKey, @Nullable EntityChange> record) {
    EntityChange change = record.value();
    if (change == null) {
      throw new IllegalArgumentException("a change topic has no tombstones, yet the value is null");
    }
    Stores open = requireNonNull(stores, "the processor is not initialised");
    if (change.kind() == ChangeKind.TRUNCATE) {
      open.sweep().begin(change);
      return;
    }
    EntityKey key = requireNonNull(change.key(), "only a truncate has no key");
    if (!key.equals(record.key())) {
      throw new IllegalArgumentException(
          "the record's key is " + record.key() + ", but its value is a change of " + key);
    }
    Set<String> remembered = policies.remembered(key.type());
    switch (Fold.apply(open.entities().get(key), change, remembered)) {
      case Replaced(EntityState state) -> {
        open.entities().put(key, state);
        meters.replaced();
        tell(open.context(), key, state, record.timestamp());
      }
      case Ignored(var reason) -> {
        meters.ignored(reason);
        LOG.debug("{} of {} at {} ignored: {}", change.kind(), key, change.version(), reason);
      }
    }
  }

  private static void tell(
      ProcessorContext<EntityKey, Event> context, EntityKey key, EntityState state, long time) {
    context.forward(new Record<>(key, new Event.Changed(state), time));
  }
}
