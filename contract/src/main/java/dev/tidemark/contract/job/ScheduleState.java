package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.job.JobSchedule;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as everybody may know it.
 *
 * @param schedule what is due when
 * @param origin where it comes from
 * @param paused whether nothing is due by it
 * @param by who made it so
 * @param at when
 * @param next when it is due next; none while it is paused
 * @param last when it was due last
 * @param lastJob the job that was made of that
 * @param missed how many times passed without a job, since the last that had one
 */
public record ScheduleState(
    JobSchedule schedule,
    Origin origin,
    boolean paused,
    String by,
    Instant at,
    Optional<Instant> next,
    Optional<Instant> last,
    Optional<String> lastJob,
    int missed) {
  /** Where a schedule comes from. */
  public enum Origin {
    /** The catalog, as it is there. */
    CATALOG,
    /** The catalog, and somebody has changed it. */
    CHANGED,
    /** Somebody has made it. */
    MADE
  }

  public ScheduleState {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(origin, "origin is null");
    requireNonNull(by, "by is null");
    requireNonNull(at, "at is null");
    requireNonNull(next, "next is null");
    requireNonNull(last, "last is null");
    requireNonNull(lastJob, "lastJob is null");
  }
}
