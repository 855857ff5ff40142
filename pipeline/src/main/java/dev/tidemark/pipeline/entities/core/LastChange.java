package dev.tidemark.pipeline.entities.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The change that made an entity what it is.
 *
 * @param version the entity's version after it
 * @param transaction the database transaction's id; 0 when a snapshot read the row
 * @param committedAt when that transaction committed, or when the snapshot read the row
 * @param origin who caused it, if known
 */
public record LastChange(
    Version version, long transaction, Instant committedAt, @Nullable Origin origin) {
  public LastChange {
    requireNonNull(version, "version is null");
    requireNonNull(committedAt, "committedAt is null");
  }

  static LastChange of(EntityChange change) {
    return new LastChange(
        change.version(), change.transaction(), change.committedAt(), change.origin());
  }
}
