package dev.tidemark.pipeline.cache;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.pipeline.cache.core.Targets;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Asks {@link Targets} what a change makes untrue, and says so. */
final class DeriveInvalidations
    extends ContextualProcessor<@Nullable EntityKey, @Nullable EntityChange, String, Invalidation> {
  private final Targets targets;
  private final CacheMeters meters;

  DeriveInvalidations(Targets targets, CacheMeters meters) {
    this.targets = targets;
    this.meters = meters;
  }

  @Override
  public void process(Record<@Nullable EntityKey, @Nullable EntityChange> record) {
    EntityChange change =
        requireNonNull(record.value(), "a change topic has no tombstones, yet the value is null");
    Set<String> affected = targets.of(change);
    meters.change(affected.size());
    if (affected.isEmpty()) {
      return;
    }
    Invalidation.Cause cause = Invalidation.Cause.of(change);
    for (String target : affected) {
      context()
          .forward(
              new Record<>(
                  target,
                  new Invalidation(
                      target, change.transaction(), change.version(), change.committedAt(), cause),
                  record.timestamp()));
    }
  }
}
