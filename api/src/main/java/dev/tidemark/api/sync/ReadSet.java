package dev.tidemark.api.sync;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a device was reading when it was answered.
 *
 * @param log the log that its position is of
 * @param scopes the scopes that it might see
 * @param types the entity types that it asked for
 */
public record ReadSet(String log, SortedSet<String> scopes, SortedSet<String> types) {
  public ReadSet {
    requireNonNull(log, "log is null");
    scopes = Collections.unmodifiableSortedSet(new TreeSet<>(scopes));
    types = Collections.unmodifiableSortedSet(new TreeSet<>(types));
  }

  public static ReadSet of(String log, Collection<String> scopes, Collection<String> types) {
    return new ReadSet(log, new TreeSet<>(scopes), new TreeSet<>(types));
  }
}
