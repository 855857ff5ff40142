package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Which conflicts are asked for, oldest first.
 *
 * @param open whether those that wait for a person are wanted
 * @param resolved whether those that a person has settled are wanted
 * @param limit how many at most
 * @param after the last one of the page before
 */
public record ConflictFilter(
    boolean open,
    boolean resolved,
    Optional<String> device,
    Optional<String> type,
    int limit,
    Optional<ConflictCursor> after) {
  public ConflictFilter {
    requireNonNull(device, "device is null");
    requireNonNull(type, "type is null");
    requireNonNull(after, "after is null");
  }
}
