package dev.tidemark.contract.catalog.job;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.schedule.Cron;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When jobs of a type are due by themselves.
 *
 * @param name what it is called
 * @param job the type
 * @param cron when
 * @param zone by whose clocks
 * @param missed what is done about times that passed while nothing ran
 * @param input what the jobs are given: the fields of an object with the values that JSON has
 */
public record JobSchedule(
    String name,
    String job,
    Cron cron,
    ZoneId zone,
    Missed missed,
    Map<String, @Nullable Object> input) {
  /** What is done about times that passed while nothing ran. */
  public enum Missed {
    /** Nothing. */
    SKIP,
    /** One job for all of them; none if one is due in time right after them. */
    ONCE,
    /** A job for each of the last of them, up to a hundred. */
    ALL
  }

  /** A time that is dealt with less than so late was not missed, and has its job in any case. */
  public static final Duration GRACE = Duration.ofSeconds(60);

  /** Of times that were missed, no more than these have a job. */
  public static final int MOST_MISSED = 100;

  public JobSchedule {
    requireNonNull(name, "name is null");
    requireNonNull(job, "job is null");
    requireNonNull(cron, "cron is null");
    requireNonNull(zone, "zone is null");
    requireNonNull(missed, "missed is null");
    input = Collections.unmodifiableMap(new LinkedHashMap<>(input));
  }
}
