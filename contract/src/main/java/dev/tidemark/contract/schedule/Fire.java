package dev.tidemark.contract.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDateTime;

/**
 * A moment at which a schedule is due.
 *
 * @param at the moment
 * @param local what the schedule asked for, as clocks show it
 * @param clocks what the changing of clocks did to it
 */
public record Fire(Instant at, LocalDateTime local, Clocks clocks) {
  /** What the changing of clocks does to a moment. */
  public enum Clocks {
    /** Nothing: the local time comes once. */
    STEADY,
    /** Clocks skip the local time; it is due as soon as they have. */
    MOVED,
    /** Clocks show the local time twice; it is due the first time only. */
    ONCE_OF_TWO,
    /** Clocks show the local time twice; this is the first of two times at which it is due. */
    FIRST_OF_TWO,
    /** Clocks show the local time twice; this is the second of two times at which it is due. */
    SECOND_OF_TWO
  }

  public Fire {
    requireNonNull(at, "at is null");
    requireNonNull(local, "local is null");
    requireNonNull(clocks, "clocks is null");
  }
}
