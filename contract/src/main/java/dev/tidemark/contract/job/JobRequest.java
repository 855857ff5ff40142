package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What somebody wants done.
 *
 * @param type the type of job
 * @param queue where it waits
 * @param priority from 0 to 9
 * @param key what limits per key go by
 * @param uniqueKey by which another counts as the same
 * @param input what it is given, as JSON
 * @param by who asked
 * @param at when
 */
public record JobRequest(
    String type,
    String queue,
    int priority,
    Optional<String> key,
    Optional<String> uniqueKey,
    String input,
    String by,
    Instant at) {
  public JobRequest {
    requireNonNull(type, "type is null");
    requireNonNull(queue, "queue is null");
    requireNonNull(key, "key is null");
    requireNonNull(uniqueKey, "uniqueKey is null");
    requireNonNull(input, "input is null");
    requireNonNull(by, "by is null");
    requireNonNull(at, "at is null");
  }
}
