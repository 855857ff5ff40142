package dev.tidemark.pipeline.scopelog.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far a device has read.
 *
 * <p>A page tells of each row what happened to it last, so what it leaves out may lie anywhere up
 * to the end of the log that it was read of. Only a log that goes so far can go on from it: one
 * that is behind has those rows at places that are done.
 *
 * @param at everything before it, of the known scopes, was told
 * @param seen where the log ended, at the furthest, of which it has read
 * @param known the scopes that it has read up to there
 * @param granted scopes that it may see now and has not read up to there yet
 * @param revoked scopes whose rows it has and may not see any more
 * @param types the entity types that it reads; empty means all
 */
public record Reading(
    Position at,
    Position seen,
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
    requireNonNull(seen, "seen is null");
    seen = Position.later(seen, at);
    known = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(known));
    granted = List.copyOf(granted);
    revoked = List.copyOf(revoked);
    types = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(types));
  }

  /** Nothing read yet of a log that ends there. */
  public static Reading begin(Position end, Set<String> types) {
    return settled(end, Set.of(), types);
  }

  /** All read of these scopes, up to there. */
  public static Reading settled(Position at, Set<String> known, Set<String> types) {
    return new Reading(at, at, new TreeSet<>(known), List.of(), List.of(), new TreeSet<>(types));
  }

  /** The same, up to there. */
  public Reading upTo(Position position) {
    return new Reading(position, seen, known, granted, revoked, types);
  }

  /** The same, read of a log that ends there. */
  Reading of(Position end) {
    return new Reading(at, Position.later(seen, end), known, granted, revoked, types);
  }

  /** Whether nothing is being caught up with or taken away. */
  public boolean isSettled() {
    return granted.isEmpty() && revoked.isEmpty();
  }
}
