package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A conflict that was left to a person.
 *
 * @param resolution the operation that settled it, if one has
 */
public record ConflictEntry(LedgerEntry entry, Optional<String> resolution) {
  public ConflictEntry {
    requireNonNull(entry, "entry is null");
    requireNonNull(resolution, "resolution is null");
  }
}
