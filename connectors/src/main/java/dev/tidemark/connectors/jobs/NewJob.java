package dev.tidemark.connectors.jobs;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A job that a handler wants done.
 *
 * @param type the type of job
 * @param input what it is given, as Jackson writes it
 * @param key what limits per key go by
 * @param uniqueKey by which another counts as the same
 * @param priority from 0 to 9; the type's if there is none
 * @param due not before then
 */
public record NewJob(
    String type,
    Object input,
    Optional<String> key,
    Optional<String> uniqueKey,
    OptionalInt priority,
    Optional<Instant> due) {
  public NewJob {
    requireNonNull(type, "type is null");
    requireNonNull(input, "input is null");
    requireNonNull(key, "key is null");
    requireNonNull(uniqueKey, "uniqueKey is null");
    requireNonNull(priority, "priority is null");
    requireNonNull(due, "due is null");
  }

  /** One to be done at once, by no key. */
  public static NewJob of(String type, Object input) {
    return new NewJob(
        type, input, Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());
  }
}
