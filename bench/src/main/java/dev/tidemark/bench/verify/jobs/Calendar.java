package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.ScheduleState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Holds the jobs of schedules against the times at which they were due, reckoned by the checker
 * itself: the schedules of the run are of every minute, and nobody changes or pauses them.
 */
final class Calendar {
  /** A time that nothing was made of by then has been missed, or something is wrong. */
  private static final Duration IN_TIME = Duration.ofSeconds(60);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Evidence evidence;
  private final Findings findings;
  private final List<Outage> outages;

  /** While that was so, nobody could deal with any time. */
  record Outage(Instant from, Instant to) {}

  private Calendar(Evidence evidence, List<Outage> outages, Findings findings) {
    this.evidence = evidence;
    this.outages = outages;
    this.findings = findings;
  }

  static void check(Evidence evidence, List<Outage> outages, Findings findings) {
    Calendar calendar = new Calendar(evidence, outages, findings);
    evidence.catalog().schedules().forEach(calendar::schedule);
  }

  private void schedule(JobSchedule schedule) {
    Optional<Instant> since =
        evidence.schedules().stream()
            .filter(state -> state.schedule().name().equals(schedule.name()))
            .map(ScheduleState::at)
            .min(Comparator.naturalOrder());
    if (since.isEmpty()) {
      findings.add(Kind.CALENDAR, "nothing was told of the schedule " + schedule.name());
      return;
    }
    NavigableMap<Instant, List<JobState>> made = made(schedule);
    for (Instant at : made.keySet()) {
      boolean due = at.getEpochSecond() % 60 == 0 && at.getNano() == 0 && at.isAfter(since.get());
      if (!due || made.get(at).size() > 1) {
        findings.add(
            Kind.CALENDAR,
            "%s was due at %s %s and has %d jobs: %s"
                .formatted(
                    schedule.name(),
                    at,
                    due ? "once" : "never",
                    made.get(at).size(),
                    evidence.story(made.get(at).getLast().id())));
      }
    }
    Instant first = since.get().truncatedTo(ChronoUnit.MINUTES).plus(MINUTE);
    for (Instant at = first; at.isBefore(evidence.end().minusSeconds(10)); at = at.plus(MINUTE)) {
      if (!made.containsKey(at)) {
        missing(schedule, at, made);
      } else if (late(made.get(at).getFirst(), at) && !excused(at)) {
        findings.add(
            Kind.CALENDAR,
            "%s of %s is late and nothing was amiss: %s"
                .formatted(schedule.name(), at, evidence.story(made.get(at).getFirst().id())));
      }
    }
  }

  private static boolean late(JobState job, Instant due) {
    return !job.request().at().isBefore(due.plus(IN_TIME));
  }

  /** The jobs that the times of a schedule have, by their times. */
  private NavigableMap<Instant, List<JobState>> made(JobSchedule schedule) {
    NavigableMap<Instant, List<JobState>> made = new TreeMap<>();
    for (String id : evidence.lives().keySet()) {
      List<JobState> life = evidence.life(id);
      if (!life.isEmpty() && life.getFirst().request().by().equals("schedule/" + schedule.name())) {
        made.computeIfAbsent(dueOf(life.getFirst()), _ -> new ArrayList<>()).add(life.getFirst());
      }
    }
    return made;
  }

  /** What comes late is due when it comes: its time is the one that its command names. */
  private Instant dueOf(JobState state) {
    return evidence.said(state.id()).stream()
        .filter(JobCommand.Submit.class::isInstance)
        .map(JobCommand.Submit.class::cast)
        .map(JobCommand.Submit::due)
        .findFirst()
        .orElse(state.due());
  }

  /** A time without a job has to be one that was missed, and of which the rule makes none. */
  private void missing(
      JobSchedule schedule, Instant at, NavigableMap<Instant, List<JobState>> made) {
    boolean allowed =
        excused(at)
            && switch (schedule.missed()) {
              case ALL -> false;
              // The next one that has a job stands for it, if that was made when this was missed.
              case ONCE -> stoodFor(at, made);
              case SKIP -> true;
            };
    if (!allowed) {
      findings.add(
          Kind.CALENDAR,
          "%s was due at %s and has no job, of %s; outages %s"
              .formatted(schedule.name(), at, new TreeSet<>(made.keySet()), outages));
    }
  }

  private static boolean stoodFor(Instant at, NavigableMap<Instant, List<JobState>> made) {
    var next = made.higherEntry(at);
    return next != null && !next.getValue().getFirst().request().at().isBefore(at.plus(IN_TIME));
  }

  /** Whether nobody could have dealt with it in time. */
  private boolean excused(Instant at) {
    return outages.stream()
        .anyMatch(outage -> !outage.from().isAfter(at) && !outage.to().isBefore(at.plus(IN_TIME)));
  }
}
