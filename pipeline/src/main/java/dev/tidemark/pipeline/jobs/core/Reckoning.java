package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.job.ScheduleState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of the times that have come. Let <i>came</i> be all times of a schedule from the one
 * that was due next to now. Since times are whole minutes apart, at most one of them is less than
 * {@link JobSchedule#GRACE} ago: the last of them. That one was not missed and has its job. All
 * others were missed:
 *
 * <ul>
 *   <li>{@link Missed#SKIP}: none of them has a job.
 *   <li>{@link Missed#ONCE}: the last of them has one, unless the last of those that came was not
 *       missed: that job stands for all of them. In any case it is one job, of the last that came.
 *   <li>{@link Missed#ALL}: the last {@link JobSchedule#MOST_MISSED} of them have one each.
 * </ul>
 *
 * <p>Afterwards all that came are dealt with, and the next is the first one after now. What this
 * costs has a bound, however long nothing ran.
 *
 * @param made the times that have a job, in their order
 * @param passed how many have passed without a job since the last of those, at most {@link
 *     ScheduleState#MOST_COUNTED}
 * @param done the last time that came
 * @param next the first that has not come
 */
record Reckoning(List<Instant> made, int passed, Instant done, Instant next) {
  Reckoning {
    made = List.copyOf(made);
  }

  /**
   * Reckons.
   *
   * @param next the first time that is not dealt with, which is not after now
   */
  static Reckoning of(JobSchedule schedule, Instant next, Instant now) {
    Instant last = came(schedule, next, now, 1).getFirst();
    boolean inTime = last.plus(JobSchedule.GRACE).isAfter(now);
    List<Instant> made = new ArrayList<>();
    if (schedule.missed() == Missed.ALL) {
      Instant until = inTime ? last.minusNanos(1) : last;
      made.addAll(came(schedule, next, until, JobSchedule.MOST_MISSED));
    }
    if (inTime || schedule.missed() == Missed.ONCE) {
      made.add(last);
    }
    int passed = made.isEmpty() ? came(schedule, next, last, ScheduleState.MOST_COUNTED).size() : 0;
    return new Reckoning(made, passed, last, schedule.cron().next(now, schedule.zone()).at());
  }

  /**
   * The last times up to one. The first is among them whatever the zone says by now: it is what
   * everybody was told, and a zone may have got other rules.
   */
  private static List<Instant> came(JobSchedule schedule, Instant first, Instant until, int most) {
    List<Instant> times = new ArrayList<>();
    schedule
        .cron()
        .between(first, until, schedule.zone(), most)
        .forEach(fire -> times.add(fire.at()));
    if (times.size() < most && !first.isAfter(until)) {
      times.addFirst(first);
    }
    return times;
  }
}
