package dev.tidemark.pipeline.entities.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Version;
import java.time.Instant;

/**
 * What a device was shown last of an entity.
 *
 * @param at when, by our clock: what the device did before it did not know of this version
 */
public record Seen(Version version, Instant at) {
  public Seen {
    requireNonNull(version, "version is null");
    requireNonNull(at, "at is null");
  }
}
