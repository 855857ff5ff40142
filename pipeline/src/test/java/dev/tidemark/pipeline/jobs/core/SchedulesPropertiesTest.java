package dev.tidemark.pipeline.jobs.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobCommand.Backfill;
import dev.tidemark.contract.job.JobCommand.DropSchedule;
import dev.tidemark.contract.job.JobCommand.PauseSchedule;
import dev.tidemark.contract.job.JobCommand.PutSchedule;
import dev.tidemark.contract.job.JobCommand.ResumeSchedule;
import dev.tidemark.contract.job.JobCommand.Trigger;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.ScheduleState.Origin;
import dev.tidemark.contract.schedule.Cron;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Schedules through changes of clocks, absences, restarts, edits by people and by the catalog,
 * pauses, jobs out of turn and for the past, and a clock that jumps: after each step exactly those
 * jobs are made that somebody finds who looks at every minute. The failing seed is in the message.
 */
class SchedulesPropertiesTest {
  private static final int WORLDS = 100;
  private static final int STEPS = 60;

  /** Some hours before a change of clocks, or before nothing at all. */
  private static final List<Eve> EVES =
      List.of(
          new Eve("Europe/Madrid", "2026-03-28T20:00:00Z"),
          new Eve("Europe/Madrid", "2026-10-24T20:00:00Z"),
          new Eve("America/New_York", "2026-03-08T00:00:00Z"),
          new Eve("America/New_York", "2026-11-01T00:00:00Z"),
          new Eve("Australia/Lord_Howe", "2026-04-04T09:00:00Z"),
          new Eve("Australia/Lord_Howe", "2026-10-03T09:00:00Z"),
          new Eve("America/Sao_Paulo", "2018-02-17T20:00:00Z"),
          new Eve("America/Sao_Paulo", "2018-11-03T20:00:00Z"),
          new Eve("Asia/Kolkata", "2026-06-01T00:00:00Z"));

  private record Eve(String zone, String time) {}

  private static final List<Missed> POLICIES = List.of(Missed.values());

  /** Before and behind it nothing happens in a world. */
  private static final Duration BEFORE = Duration.ofDays(4);

  private static final Duration BEHIND = Duration.ofDays(14);

  @Test
  void whoLooksAtEveryMinuteFindsTheSame() {
    for (int seed = 0; seed < WORLDS; seed++) {
      try {
        new World(new Random(seed)).live();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** Which times a line names, found by looking at each minute. */
  private record Line(
      String text,
      Set<Integer> minutes,
      Set<Integer> hours,
      Optional<Set<Integer>> days,
      Optional<Set<Integer>> weekdays) {
    static Line random(Random random) {
      Set<Integer> minutes = some(random, 60, 4);
      Set<Integer> hours = some(random, 24, 3);
      boolean everyMinute = random.nextInt(3) == 0;
      boolean everyHour = random.nextInt(2) == 0;
      Optional<Set<Integer>> days =
          random.nextInt(5) == 0
              ? Optional.of(
                  IntStream.range(0, 9).map(i -> 1 + 3 * i).boxed().collect(Collectors.toSet()))
              : Optional.empty();
      Optional<Set<Integer>> weekdays =
          random.nextInt(4) == 0 ? Optional.of(some(random, 7, 4)) : Optional.empty();
      return new Line(
          String.join(
              " ",
              everyMinute ? "*" : list(minutes),
              everyHour ? "*" : list(hours),
              days.map(Line::list).orElse("*"),
              "*",
              weekdays.map(Line::list).orElse("*")),
          everyMinute ? all(60) : minutes,
          everyHour ? all(24) : hours,
          days,
          weekdays);
    }

    private static Set<Integer> all(int count) {
      return IntStream.range(0, count).boxed().collect(Collectors.toSet());
    }

    private static Set<Integer> some(Random random, int below, int most) {
      Set<Integer> values = new TreeSet<>();
      for (int i = 1 + random.nextInt(most); i > 0; i--) {
        // The hours in which clocks are changed come often.
        values.add(
            random.nextBoolean() ? random.nextInt(Math.min(4, below)) : random.nextInt(below));
      }
      return values;
    }

    private static String list(Set<Integer> values) {
      return values.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    }

    private boolean names(LocalDateTime time) {
      return minutes.contains(time.getMinute()) && hours.contains(time.getHour()) && isDay(time);
    }

    private boolean isDay(LocalDateTime time) {
      boolean day = days.filter(all -> all.contains(time.getDayOfMonth())).isPresent();
      boolean weekday =
          weekdays.filter(all -> all.contains(time.getDayOfWeek().getValue() % 7)).isPresent();
      return day || weekday || (days.isEmpty() && weekdays.isEmpty());
    }

    NavigableSet<Instant> times(Instant from, Instant to, ZoneId zone) {
      NavigableSet<Instant> times = new TreeSet<>();
      if (hours.size() == 24) {
        for (Instant at = from; at.isBefore(to); at = at.plus(1, ChronoUnit.MINUTES)) {
          if (names(LocalDateTime.ofInstant(at, zone))) {
            times.add(at);
          }
        }
        return times;
      }
      LocalDateTime end = LocalDateTime.ofInstant(to, zone);
      for (LocalDateTime at = LocalDateTime.ofInstant(from, zone);
          at.isBefore(end);
          at = at.plusMinutes(1)) {
        if (names(at)) {
          List<ZoneOffset> offsets = zone.getRules().getValidOffsets(at);
          times.add(
              offsets.isEmpty()
                  ? zone.getRules().getTransition(at).getInstant()
                  : at.toInstant(offsets.getFirst()));
        }
      }
      return times;
    }
  }

  /** What a schedule has to be, as somebody knows who looks at every minute. */
  private static final class Known {
    JobSchedule schedule;
    Origin origin;
    Optional<JobSchedule> declared;
    boolean paused;

    /** Times count that come after it. */
    Instant from;

    /** Up to there all is dealt with. */
    Instant dealt = Instant.EPOCH;

    int missed;
    Optional<Instant> last = Optional.empty();

    Known(JobSchedule schedule, Origin origin, Optional<JobSchedule> declared, Instant from) {
      this.schedule = schedule;
      this.origin = origin;
      this.declared = declared;
      this.from = from;
    }

    void is(JobSchedule now, Origin its, Instant at) {
      boolean others = !schedule.cron().equals(now.cron()) || !schedule.zone().equals(now.zone());
      schedule = now;
      origin = its;
      if (others) {
        from = at.isAfter(dealt) ? at : dealt;
      }
    }
  }

  private static final class World {
    private final Random random;
    private final ZoneId zone;
    private final Instant begin;
    private final Instant end;
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<String, NavigableSet<Instant>> times = new HashMap<>();
    private final Map<String, Known> known = new TreeMap<>();
    private final Set<String> fired = new HashSet<>();
    private final Office office;
    private JobCatalog catalog;
    private final List<JobCommand.Submit> expected = new ArrayList<>();
    private int asked;

    World(Random random) {
      this.random = random;
      Eve chosen = EVES.get(random.nextInt(EVES.size()));
      zone = ZoneId.of(chosen.zone());
      Instant eve = Instant.parse(chosen.time());
      begin = eve.minus(BEFORE);
      end = eve.plus(BEHIND);
      catalog = catalog(Optional.of(schedule("named")));
      Instant start = eve.plusSeconds(random.nextInt(5 * 3_600)).plusMillis(random.nextInt(999));
      office = new Office(catalog, 1 + random.nextInt(3), start);
      meet();
    }

    private JobSchedule schedule(String name) {
      Line line = Line.random(random);
      lines.put(line.text(), line);
      Missed missed = POLICIES.get(random.nextInt(3));
      return new JobSchedule(
          name, "work", Cron.parse(line.text()), zone, missed, Map.of("a", random.nextInt(2)));
    }

    private NavigableSet<Instant> times(Known one) {
      String line = one.schedule.cron().toString();
      return times.computeIfAbsent(line, text -> line(text).times(begin, end, zone));
    }

    private Line line(String text) {
      return requireNonNull(lines.get(text), text);
    }

    void live() {
      for (int step = 0; step < STEPS; step++) {
        step();
        compare();
      }
    }

    private void step() {
      String name = random.nextInt(3) == 0 ? "made" : "named";
      if (random.nextBoolean()) {
        // What is wanted may come before it is looked what time has done.
        office.now = office.now.plusSeconds(random.nextInt(90));
      }
      switch (random.nextInt(20)) {
        case 0 -> put(schedule(name));
        case 1 -> {
          Known one = known.get(name);
          if (one != null) {
            // The same times, another policy.
            put(
                new JobSchedule(
                    name,
                    "work",
                    one.schedule.cron(),
                    zone,
                    POLICIES.get(random.nextInt(3)),
                    one.schedule.input()));
          }
        }
        case 2 -> drop(name);
        case 3 -> pause(name, true);
        case 4, 5 -> pause(name, false);
        case 6 -> trigger(name);
        case 7 -> backfill(name);
        case 8 -> office.restart();
        case 9 -> restart(Optional.of(schedule("named")));
        case 10 -> restart(random.nextBoolean() ? Optional.empty() : catalog.schedule("named"));
        case 11 -> step(Duration.ofMinutes(-random.nextInt(300)));
        case 12 -> step(Duration.ofMinutes(random.nextInt(300)));
        case 13 -> step(Duration.ofMinutes(random.nextInt(3_000)));
        default -> live(random.nextInt(120));
      }
    }

    /** Time passes as it does while everything runs. */
    private void live(int minutes) {
      for (int i = 0; i < 2 * minutes; i++) {
        step(Duration.ofSeconds(30).plusMillis(random.nextInt(40)));
      }
    }

    /** The clock is set, or nothing runs meanwhile. */
    private void step(Duration by) {
      Instant then = office.now.plus(by);
      if (then.isBefore(begin.plus(Duration.ofDays(2)))
          || then.isAfter(end.minus(Duration.ofDays(5)))) {
        return;
      }
      office.now = then;
      if (random.nextInt(50) == 0) {
        office.restart();
      }
      office.tick();
      known.forEach(this::settle);
      if (!expected.isEmpty() || office.hasMade()) {
        compare();
      }
    }

    private void settle(String name, Known one) {
      if (one.paused) {
        return;
      }
      List<Instant> came =
          List.copyOf(times(one).subSet(one.from, false, max(one.from, office.now), true));
      if (came.isEmpty()) {
        return;
      }
      List<Instant> late =
          came.stream()
              .filter(at -> Duration.between(at, office.now).compareTo(Duration.ofMinutes(1)) >= 0)
              .toList();
      List<Instant> inTime = came.subList(late.size(), came.size());
      List<Instant> made = new ArrayList<>();
      switch (one.schedule.missed()) {
        case SKIP -> made.addAll(inTime);
        case ONCE -> made.add(came.getLast());
        case ALL -> {
          made.addAll(late.subList(Math.max(0, late.size() - 100), late.size()));
          made.addAll(inTime);
        }
      }
      one.missed = made.isEmpty() ? Math.min(1_000, one.missed + came.size()) : 0;
      one.last = made.isEmpty() ? one.last : Optional.of(made.getLast());
      one.from = came.getLast();
      one.dealt = max(one.dealt, came.getLast());
      for (Instant at : made) {
        assertThat(fired.add(name + at)).as("%s of %s had a job before", at, name).isTrue();
        expect(name, Place.idOf(catalog, type(), name, at), "schedule/" + name, at);
      }
    }

    private void expect(String name, String id, String by, Instant due) {
      JobSchedule of = requireNonNull(known.get(name), name).schedule;
      JobRequest request =
          new JobRequest(
              "work",
              "queue",
              JobType.PRIORITY,
              Optional.empty(),
              Optional.empty(),
              "{\"a\":" + of.input().get("a") + "}",
              by,
              office.now);
      expected.add(new JobCommand.Submit(id, request, due));
    }

    private JobType type() {
      return catalog.type("work").orElseThrow();
    }

    private static Instant max(Instant one, Instant other) {
      return one.isAfter(other) ? one : other;
    }

    private Optional<Known> settled(String name) {
      Optional<Known> one = Optional.ofNullable(known.get(name));
      one.ifPresent(found -> settle(name, found));
      return one;
    }

    private void put(JobSchedule schedule) {
      office.tell(new PutSchedule(schedule, "me"));
      Known one = settled(schedule.name()).orElse(null);
      if (one == null) {
        known.put(schedule.name(), new Known(schedule, Origin.MADE, Optional.empty(), office.now));
      } else if (one.declared.isEmpty()) {
        one.is(schedule, Origin.MADE, office.now);
      } else {
        boolean same = one.declared.get().equals(schedule);
        one.is(schedule, same ? Origin.CATALOG : Origin.CHANGED, office.now);
      }
    }

    private void drop(String name) {
      office.tell(new DropSchedule(name, "me"));
      Known one = settled(name).orElse(null);
      if (one != null && one.origin == Origin.MADE) {
        known.remove(name);
        // Whoever makes it anew may make it of times that the other one had.
        fired.removeIf(fire -> fire.startsWith(name));
      } else if (one != null) {
        one.is(one.declared.orElseThrow(), Origin.CATALOG, office.now);
      }
    }

    private void pause(String name, boolean paused) {
      office.tell(paused ? new PauseSchedule(name, "me") : new ResumeSchedule(name, "me"));
      settled(name)
          .ifPresent(
              one -> {
                if (one.paused && !paused) {
                  one.from = max(one.dealt, office.now);
                }
                one.paused = paused;
              });
    }

    private void trigger(String name) {
      String id = new Place(random.nextInt(1 << 16)).id(new UUID(7, asked++));
      office.tell(new Trigger(name, id, "me"));
      if (settled(name).isPresent()) {
        expect(name, id, "schedule/" + name + "/me", office.now);
      }
    }

    private void backfill(String name) {
      Instant after = office.now.minus(Duration.ofMinutes(random.nextInt(1_500)));
      Instant until = after.plus(Duration.ofMinutes(1 + random.nextInt(1_500)));
      office.tell(new Backfill(name, after, until, "me"));
      settled(name)
          .ifPresent(
              one -> {
                List<Instant> all =
                    times(one).subSet(after, false, until, true).stream()
                        .filter(at -> !at.isAfter(office.now))
                        .toList();
                List<Instant> last = all.subList(Math.max(0, all.size() - 1_000), all.size());
                for (Instant at : last) {
                  one.dealt = max(one.dealt, at);
                  expect(
                      name, Place.idOf(catalog, type(), name, at), "schedule/" + name + "/me", at);
                }
              });
    }

    private void restart(Optional<JobSchedule> declared) {
      catalog = catalog(declared);
      office.restart(catalog);
      meet();
    }

    private void meet() {
      JobSchedule declared = catalog.schedule("named").orElse(null);
      Known one = known.get("named");
      if (declared == null) {
        if (one != null && one.origin != Origin.MADE) {
          known.remove("named");
          fired.removeIf(fire -> fire.startsWith("named"));
        }
      } else if (one == null) {
        known.put("named", new Known(declared, Origin.CATALOG, Optional.of(declared), office.now));
      } else if (!one.declared.equals(Optional.of(declared))) {
        one.is(declared, Origin.CATALOG, office.now);
        one.declared = Optional.of(declared);
      }
    }

    /** What was made and told is what somebody finds who looks at every minute. */
    private void compare() {
      assertThat(office.made())
          .as("at %s in %s", office.now, zone)
          .containsExactlyInAnyOrderElementsOf(expected);
      expected.clear();
      assertThat(office.told.keySet()).isEqualTo(known.keySet());
      known.forEach(
          (name, one) -> {
            var state = office.state(name);
            assertThat(state.schedule()).isEqualTo(one.schedule);
            assertThat(state.origin()).isEqualTo(one.origin);
            assertThat(state.paused()).isEqualTo(one.paused);
            assertThat(state.missed()).isEqualTo(one.missed);
            assertThat(state.last()).isEqualTo(one.last);
            Instant next = one.paused ? null : times(one).higher(one.from);
            if (one.paused || next != null) {
              assertThat(state.next()).isEqualTo(Optional.ofNullable(next));
            }
          });
    }

    private static JobCatalog catalog(Optional<JobSchedule> declared) {
      return new JobCatalog(
          List.of(new JobQueue("queue", "", 1, 100, Duration.ofDays(99), Optional.empty())),
          List.of(
              new JobType(
                  "work",
                  "",
                  "queue",
                  JobType.PRIORITY,
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(30),
                  3,
                  Backoff.DEFAULT,
                  Optional.empty(),
                  OptionalInt.empty(),
                  Optional.empty(),
                  Keeping.DEFAULT,
                  List.of())),
          declared.stream().toList());
    }
  }
}
