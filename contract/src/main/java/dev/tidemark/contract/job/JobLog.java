package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A line that an attempt has written down.
 *
 * @param id of which job
 * @param attempt of which attempt of it
 * @param worker who made the attempt
 * @param at when
 * @param line the line
 */
public record JobLog(String id, int attempt, String worker, Instant at, String line) {
  /** A line is cut after so many characters. */
  public static final int LONGEST = 2_000;

  public JobLog {
    requireNonNull(id, "id is null");
    requireNonNull(worker, "worker is null");
    requireNonNull(at, "at is null");
    requireNonNull(line, "line is null");
  }
}
