package dev.tidemark.pipeline.scopelog.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far a device has read.
 *
 * @param at everything before it, of the known scopes, was told
 * @param known the scopes that it has read up to there
 * @param granted scopes that it may see now and has not read up to there yet
 * @param revoked scopes whose rows it has and may not see any more
 * @param types the entity types that it reads; empty means all
 */
public record Reading(
    Position at,
    SortedSet<String> known,
    List<Partial> granted,
    List<Partial> revoked,
    SortedSet<String> types) {

  /**
   * A scope that is being caught up with, or taken away.
   *
   * @param from what lies before it is done
   */
  public record Partial(String scope, Position from) {
    public Partial {
      requireNonNull(scope, "scope is null");
      requireNonNull(from, "from is null");
    }
  }

  public Reading {
    requireNonNull(at, "at is null");
    known = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(known));
    granted = List.copyOf(granted);
    revoked = List.copyOf(revoked);
    types = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(types));
  }

  /** Nothing read yet of a log that ends there. */
  public static Reading begin(Position end, Set<String> types) {
    return new Reading(end, new TreeSet<>(), List.of(), List.of(), new TreeSet<>(types));
  }

  /** Whether nothing is being caught up with or taken away. */
  public boolean isSettled() {
    return granted.isEmpty() && revoked.isEmpty();
  }
}
