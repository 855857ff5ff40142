package dev.tidemark.pipeline.board.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs somebody means.
 *
 * @param phases those in one of these phases
 * @param queue those of this queue
 * @param type those of this type
 * @param key those with this key
 * @param fingerprint those that have failed like this
 * @param before those that were asked for before then
 */
public record JobFilter(
    Set<Phase> phases,
    Optional<String> queue,
    Optional<String> type,
    Optional<String> key,
    Optional<Fingerprint> fingerprint,
    Optional<Instant> before) {
  public static final JobFilter ALL =
      new JobFilter(
          EnumSet.allOf(Phase.class),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public JobFilter {
    phases = Set.copyOf(phases);
    requireNonNull(queue, "queue is null");
    requireNonNull(type, "type is null");
    requireNonNull(key, "key is null");
    requireNonNull(fingerprint, "fingerprint is null");
    requireNonNull(before, "before is null");
  }

  public JobFilter in(Set<Phase> other) {
    return new JobFilter(other, queue, type, key, fingerprint, before);
  }
}
