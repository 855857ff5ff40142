package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.ScheduleText;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.ScheduleState.Origin;
import dev.tidemark.contract.schedule.Fire;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The schedules that live in one partition. Each time that comes is dealt with once, by the rule of
 * {@link Reckoning}; what is dealt with and when the next one is due is in the table before anybody
 * is told. In memory is only who is due when. Not thread-safe.
 *
 * <p>The jobs have no unique key, not even where their type has them: each time has a job of its
 * own, and its id sees to it that it has one only.
 */
final class Schedules {
  /** No more than these live in a partition. */
  static final int MOST = 10_000;

  /** What the jobs of a schedule are given may have so many characters as JSON. */
  static final int LONGEST_INPUT = 64 * 1024;

  private static final String THE_CATALOG = "catalog";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private final JobCatalog catalog;
  private final int partition;
  private final int partitions;
  private final JobTable table;
  private final SchedulerListener listener;
  private final NavigableSet<Due> dues =
      new TreeSet<>(Comparator.comparing(Due::at).thenComparing(Due::name));
  private int count;

  /** A schedule is due next. */
  private record Due(Instant at, String name) {}

  /** Goes on with what is in the table, as far as the catalog says the same as it did. */
  Schedules(
      JobCatalog catalog,
      int partition,
      int partitions,
      JobTable table,
      SchedulerListener listener,
      Instant now) {
    this.catalog = catalog;
    this.partition = partition;
    this.partitions = partitions;
    this.table = table;
    this.listener = listener;
    Set<String> known = new HashSet<>();
    for (String name : table.schedules()) {
      Plan plan = table.schedule(name);
      if (plan != null) {
        count++;
        known.add(name);
        note(plan);
        meet(plan, now);
      }
    }
    for (JobSchedule schedule : catalog.schedules()) {
      if (livesHere(schedule.name()) && !known.contains(schedule.name())) {
        String declared = ScheduleText.write(schedule);
        become(
            null,
            Plan.fresh(schedule, Origin.CATALOG, Optional.of(declared), THE_CATALOG, now).edit(),
            now);
      }
    }
  }

  private boolean livesHere(String name) {
    return Place.ofSchedule(name).partition(partitions) == partition;
  }

  /** What was kept meets the catalog as it is now. */
  private void meet(Plan plan, Instant now) {
    JobSchedule schedule = catalog.schedule(plan.name()).orElse(null);
    if (schedule == null) {
      if (plan.state().origin() != Origin.MADE) {
        drop(plan);
        return;
      }
      become(plan, plan.edit(), now);
      return;
    }
    String declared = ScheduleText.write(schedule);
    Plan.Edit edit = plan.edit();
    if (!plan.declared().equals(Optional.of(declared))) {
      edit.schedule(schedule, Origin.CATALOG).declared(declared).by(THE_CATALOG, now);
    }
    become(plan, edit, now);
  }

  /**
   * Does what it is told.
   *
   * @throws Unfit if nobody could do it
   */
  void take(JobCommand.OfSchedule command, Instant now) {
    if (!livesHere(command.name())) {
      throw new Unfit("the schedule " + command.name() + " is none of partition " + partition);
    }
    Plan known = table.schedule(command.name());
    check(command, known, now);
    if (known == null) {
      if (command instanceof JobCommand.PutSchedule(JobSchedule schedule, String by)) {
        become(null, Plan.fresh(schedule, Origin.MADE, Optional.empty(), by, now).edit(), now);
      } else {
        listener.refused(command.name(), "there is no such schedule");
      }
      return;
    }
    // What has come is dealt with as it was wanted then.
    Plan plan = settle(known, now);
    switch (command) {
      case JobCommand.PutSchedule(JobSchedule schedule, String by) -> put(plan, schedule, by, now);
      case JobCommand.DropSchedule(String _, String by) -> drop(plan, by, now);
      case JobCommand.PauseSchedule(String _, String by) -> pause(plan, true, by, now);
      case JobCommand.ResumeSchedule(String _, String by) -> pause(plan, false, by, now);
      case JobCommand.Trigger trigger -> trigger(plan, trigger, now);
      case JobCommand.Backfill backfill -> backfill(plan, backfill, now);
    }
  }

  /** Nothing has been changed yet. */
  private void check(JobCommand.OfSchedule command, @Nullable Plan known, Instant now) {
    switch (command) {
      case JobCommand.PutSchedule(JobSchedule schedule, String _) -> {
        if (catalog.type(schedule.job()).isEmpty()) {
          throw new Unfit(noType(schedule));
        }
        if (!NAME.matcher(schedule.name()).matches()) {
          throw new Unfit(
              "a schedule's name is a lower-case letter, then at most 62 of a-z, 0-9 and _");
        }
        if (ScheduleText.input(schedule).length() > LONGEST_INPUT) {
          throw new Unfit("the input of a schedule has at most " + LONGEST_INPUT + " characters");
        }
        if (known == null && count >= MOST) {
          throw new Unfit("partition " + partition + " has " + MOST + " schedules already");
        }
      }
      case JobCommand.Trigger trigger -> {
        if (known != null) {
          catalog.type(known.schedule().job()).ifPresent(type -> checkPlace(type, trigger.id()));
        }
      }
      case JobCommand.Backfill backfill -> {
        if (!backfill.after().isBefore(backfill.until())) {
          throw new Unfit("a backfill ends after it begins");
        }
        if (backfill.after().isBefore(now.minus(JobCommand.Backfill.FURTHEST))) {
          throw new Unfit(
              "a backfill goes back " + JobCommand.Backfill.FURTHEST.toDays() + " days at most");
        }
      }
      case JobCommand.DropSchedule _, JobCommand.PauseSchedule _, JobCommand.ResumeSchedule _ -> {
        // Whether it can be done depends on the schedule.
      }
    }
  }

  private void checkPlace(JobType type, String id) {
    Place place = Place.ofId(id).orElseThrow(() -> new Unfit("'" + id + "' is no id of a job"));
    Place home =
        Place.of(catalog, type, Optional.empty(), Optional.empty(), new UUID(0, place.number()));
    if (!home.equals(place)) {
      throw new Unfit("jobs of the type " + type.name() + " do not live where " + id + " does");
    }
  }

  private void put(Plan plan, JobSchedule schedule, String by, Instant now) {
    String text = ScheduleText.write(schedule);
    if (text.equals(ScheduleText.write(plan.schedule()))) {
      return;
    }
    Origin origin =
        plan.declared().isEmpty()
            ? Origin.MADE
            : plan.declared().get().equals(text) ? Origin.CATALOG : Origin.CHANGED;
    become(plan, plan.edit().schedule(schedule, origin).by(by, now), now);
  }

  private void drop(Plan plan, String by, Instant now) {
    switch (plan.state().origin()) {
      case CATALOG ->
          listener.refused(
              plan.name(),
              "the catalog names this schedule: pause it, or take it out of the catalog");
      case CHANGED -> {
        JobSchedule schedule = catalog.schedule(plan.name()).orElseThrow();
        become(plan, plan.edit().schedule(schedule, Origin.CATALOG).by(by, now), now);
      }
      case MADE -> drop(plan);
    }
  }

  private void drop(Plan plan) {
    forget(plan);
    count--;
    table.dropSchedule(plan.name());
    listener.unscheduled(plan.name());
  }

  private void pause(Plan plan, boolean paused, String by, Instant now) {
    if (plan.state().paused() != paused) {
      become(plan, plan.edit().paused(paused).by(by, now), now);
    }
  }

  private void trigger(Plan plan, JobCommand.Trigger trigger, Instant now) {
    JobType type = catalog.type(plan.schedule().job()).orElse(null);
    if (type == null) {
      listener.refused(plan.name(), noType(plan.schedule()));
      return;
    }
    submit(trigger.id(), type, plan, "/" + trigger.by(), now, now);
    become(plan, plan.edit().lastJob(trigger.id()), now);
  }

  private void backfill(Plan plan, JobCommand.Backfill backfill, Instant now) {
    JobType type = catalog.type(plan.schedule().job()).orElse(null);
    if (type == null) {
      listener.refused(plan.name(), noType(plan.schedule()));
      return;
    }
    Instant until = backfill.until().isAfter(now) ? now : backfill.until();
    List<Fire> fires =
        plan.schedule()
            .cron()
            .between(backfill.after(), until, plan.schedule().zone(), JobCommand.Backfill.MOST);
    for (Fire fire : fires) {
      submit(idOf(type, plan, fire.at()), type, plan, "/" + backfill.by(), fire.at(), now);
    }
    if (!fires.isEmpty()) {
      become(plan, plan.edit().settled(fires.getLast().at()), now);
    }
  }

  /**
   * Deals with what has come.
   *
   * @param mayGoOn whether there is time left for more
   */
  void tick(Instant now, BooleanSupplier mayGoOn) {
    while (!dues.isEmpty() && !dues.first().at().isAfter(now) && mayGoOn.getAsBoolean()) {
      Due due = dues.first();
      Plan plan = table.schedule(due.name());
      if (plan == null) {
        throw new IllegalStateException(due + " is not in the table");
      }
      settle(plan, now);
    }
  }

  private Plan settle(Plan plan, Instant now) {
    Instant next = plan.state().next().orElse(null);
    if (next == null || next.isAfter(now)) {
      return plan;
    }
    JobType type = catalog.type(plan.schedule().job()).orElseThrow();
    Reckoning reckoning = Reckoning.of(plan.schedule(), next, now);
    Plan.Edit edit = plan.edit();
    for (Instant due : reckoning.made()) {
      String id = idOf(type, plan, due);
      submit(id, type, plan, "", due, now);
      edit.made(due, id);
    }
    edit.missed(reckoning.passed()).settled(reckoning.done()).next(Optional.of(reckoning.next()));
    return keep(plan, edit.done());
  }

  private String idOf(JobType type, Plan plan, Instant due) {
    return Place.idOf(catalog, type, plan.name(), due);
  }

  /**
   * Has a job made.
   *
   * @param asked who asked for it, if somebody did
   */
  private void submit(String id, JobType type, Plan plan, String asked, Instant due, Instant now) {
    JobRequest request =
        new JobRequest(
            type.name(),
            type.queueOf(type.priority(), false),
            type.priority(),
            Optional.empty(),
            Optional.empty(),
            ScheduleText.input(plan.schedule()),
            "schedule/" + plan.name() + asked,
            now);
    listener.submit(new JobCommand.Submit(id, request, due));
  }

  private static String noType(JobSchedule schedule) {
    return "there is no type of jobs " + schedule.job();
  }

  /** It is as somebody wants it, and what is due next fits that. */
  private void become(@Nullable Plan before, Plan.Edit edit, Instant now) {
    Plan wanted = edit.done();
    Optional<String> fault =
        catalog.type(wanted.schedule().job()).isPresent()
            ? Optional.empty()
            : Optional.of(noType(wanted.schedule()));
    edit.fault(fault);
    if (wanted.state().paused() || fault.isPresent()) {
      edit.next(Optional.empty());
    } else if (wanted.state().next().isEmpty()
        || (before != null && !sameTimes(before.schedule(), wanted.schedule()))) {
      Instant after = wanted.done().isAfter(now) ? wanted.done() : now;
      edit.next(Optional.of(next(wanted.schedule(), after)));
    }
    keep(before, edit.done());
  }

  private static boolean sameTimes(JobSchedule one, JobSchedule other) {
    return one.cron().equals(other.cron()) && one.zone().equals(other.zone());
  }

  private static Instant next(JobSchedule schedule, Instant after) {
    return schedule.cron().next(after, schedule.zone()).at();
  }

  /** Writes down what has changed, and tells of it. */
  private Plan keep(@Nullable Plan before, Plan plan) {
    if (plan.equals(before)) {
      return plan;
    }
    if (before == null) {
      count++;
    } else {
      forget(before);
    }
    note(plan);
    table.put(plan);
    if (before == null || !plan.state().equals(before.state())) {
      listener.scheduled(plan.state());
    }
    return plan;
  }

  private void note(Plan plan) {
    plan.state().next().ifPresent(at -> dues.add(new Due(at, plan.name())));
  }

  private void forget(Plan plan) {
    plan.state().next().ifPresent(at -> dues.remove(new Due(at, plan.name())));
  }
}
