package dev.tidemark.pipeline.jobs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.ScheduleText;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobCommand.Backfill;
import dev.tidemark.contract.job.JobCommand.DropSchedule;
import dev.tidemark.contract.job.JobCommand.PauseSchedule;
import dev.tidemark.contract.job.JobCommand.PutSchedule;
import dev.tidemark.contract.job.JobCommand.ResumeSchedule;
import dev.tidemark.contract.job.JobCommand.Trigger;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.ScheduleState.Origin;
import dev.tidemark.contract.schedule.Cron;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulesTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ZoneId MADRID = ZoneId.of("Europe/Madrid");
  private static final UUID RANDOM = UUID.fromString("018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e");

  /** The first form in which a schedule was kept. */
  private static final String BYTES =
      "01000000687b226e616d65223a22686f75726c79222c226a6f62223a22776f726b222c2263726f6e"
          + "223a2230202a202a202a202a222c227a6f6e65223a224575726f70652f4d6164726964222c226d69"
          + "73736564223a226f6e6365222c22696e707574223a7b2261223a317d7d0201000000026d65000000"
          + "006a1d74400000000001000000006a1d74410000000001000000006a1d743f000000000100000002"
          + "69640000000301000000026e6f01000000027b7d000000006a1d744000000001";

  /** Due at noon. */
  private final Office office = office(schedule("hourly", "0 * * * *", Missed.ONCE));

  private static Office office(JobSchedule... schedules) {
    return new Office(catalog(schedules), 1, NOON.minusSeconds(90));
  }

  private static JobCatalog catalog(JobSchedule... schedules) {
    return new JobCatalog(
        List.of(
            new JobQueue("queue", "", 1, 100, Duration.ofDays(9), Optional.empty()),
            new JobQueue("narrow", "", 1, 1, Duration.ofDays(9), Optional.empty()),
            new JobQueue("urgent", "", 1, 100, Duration.ofDays(9), Optional.empty())),
        List.of(
            type("work", "queue", 7, List.of(new JobType.Route(7, false, "urgent"))),
            type("one_by_one", "narrow", 5, List.of())),
        List.of(schedules));
  }

  private static JobType type(String name, String queue, int priority, List<JobType.Route> routes) {
    return new JobType(
        name,
        "",
        queue,
        priority,
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        3,
        Backoff.DEFAULT,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.of(new Uniqueness(Optional.empty())),
        Keeping.DEFAULT,
        routes);
  }

  private static JobSchedule schedule(String name, String cron, Missed missed) {
    return schedule(name, "work", cron, missed, 1);
  }

  private static JobSchedule schedule(
      String name, String job, String cron, Missed missed, int input) {
    return new JobSchedule(name, job, Cron.parse(cron), MADRID, missed, Map.of("a", input));
  }

  @Test
  void aJobIsMadeOnceItIsDue() {
    assertThat(office.state("hourly").next()).contains(NOON);
    office.pass(Duration.ofSeconds(90).minusMillis(1));
    assertThat(office.made()).isEmpty();
    office.pass(Duration.ofMillis(1));
    String id = Place.idOf(catalog(), type(), "hourly", NOON);
    assertThat(office.made())
        .containsExactly(
            new JobCommand.Submit(
                id,
                new JobRequest(
                    "work",
                    "urgent",
                    7,
                    Optional.empty(),
                    Optional.empty(),
                    "{\"a\":1}",
                    "schedule/hourly",
                    NOON),
                NOON));
    assertThat(office.state("hourly"))
        .isEqualTo(
            new ScheduleState(
                schedule("hourly", "0 * * * *", Missed.ONCE),
                Origin.CATALOG,
                false,
                "catalog",
                NOON.minusSeconds(90),
                Optional.of(NOON.plus(HOUR)),
                Optional.of(NOON),
                Optional.of(id),
                0,
                Optional.empty()));
    office.pass(Duration.ofMinutes(59));
    assertThat(office.made()).isEmpty();
  }

  private static JobType type() {
    return catalog().type("work").orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsALittleLateWasNotMissed(Missed missed) {
    Office late = office(schedule("hourly", "0 * * * *", missed));
    late.pass(Duration.ofSeconds(150).minusMillis(1));
    assertThat(late.dues()).containsExactly(NOON);
    assertThat(late.state("hourly").missed()).isZero();
  }

  @Test
  void whatIsAMinuteLateWasMissed() {
    Office late = office(schedule("hourly", "0 * * * *", Missed.SKIP));
    late.pass(Duration.ofSeconds(150));
    assertThat(late.dues()).isEmpty();
    assertThat(late.state("hourly").missed()).isEqualTo(1);
    assertThat(late.state("hourly").next()).contains(NOON.plus(HOUR));
  }

  @Test
  void whatWasMissedMayBeSkipped() {
    Office away = office(schedule("hourly", "0 * * * *", Missed.SKIP));
    away.pass(HOUR.multipliedBy(5).plusMinutes(3));
    assertThat(away.dues()).isEmpty();
    assertThat(away.state("hourly").missed()).isEqualTo(6);
    assertThat(away.state("hourly").last()).isEmpty();
    away.now = NOON.plus(HOUR.multipliedBy(6));
    away.tick();
    assertThat(away.dues()).containsExactly(away.now);
    assertThat(away.state("hourly").missed()).as("since the last one").isZero();
  }

  @Test
  void whatWasMissedIsCountedUpToAThousand() {
    Office away = office(schedule("hourly", "0 * * * *", Missed.SKIP));
    away.pass(HOUR.multipliedBy(700));
    assertThat(away.state("hourly").missed()).isEqualTo(700);
    away.pass(HOUR.multipliedBy(700));
    assertThat(away.state("hourly").missed()).isEqualTo(1_000);
    away.pass(HOUR.multipliedBy(3_000));
    assertThat(away.state("hourly").missed()).isEqualTo(ScheduleState.MOST_COUNTED);
  }

  @Test
  void oneJobMayStandForAllThatWereMissed() {
    office.pass(HOUR.multipliedBy(5).plusMinutes(3));
    assertThat(office.dues()).containsExactly(NOON.plus(HOUR.multipliedBy(5)));
    assertThat(office.state("hourly").missed()).isZero();
  }

  @Test
  void theOneInTimeStandsForThoseThatWereMissed() {
    office.pass(HOUR.multipliedBy(2).plusSeconds(90 + 30));
    assertThat(office.dues()).containsExactly(NOON.plus(HOUR.multipliedBy(2)));
  }

  @Test
  void allThatWereMissedMayHaveAJob() {
    Office away = office(schedule("hourly", "0 * * * *", Missed.ALL));
    away.pass(HOUR.multipliedBy(2).plusMinutes(3));
    assertThat(away.dues()).containsExactly(NOON, NOON.plus(HOUR), NOON.plus(HOUR.multipliedBy(2)));
    assertThat(away.state("hourly").last()).contains(NOON.plus(HOUR.multipliedBy(2)));
  }

  @Test
  void butTheLastHundredOnlyAndTheOneInTime() {
    Office away = office(schedule("often", "* * * * *", Missed.ALL));
    away.pass(Duration.ofDays(3));
    List<Instant> dues = away.dues();
    Instant last = away.now.minusSeconds(30);
    assertThat(dues).hasSize(JobSchedule.MOST_MISSED + 1).endsWith(last);
    assertThat(dues.getFirst()).isEqualTo(last.minus(Duration.ofMinutes(100)));
    assertThat(away.state("often").missed()).isZero();
  }

  @Test
  void allOfAMinuteEachHaveTheirs() {
    Office steady = office(schedule("often", "* * * * *", Missed.SKIP));
    for (int i = 0; i < 10; i++) {
      steady.pass(Duration.ofSeconds(60));
    }
    assertThat(steady.dues()).hasSize(10);
  }

  @Test
  void aRestartNeitherDoublesNorLoses() {
    office.now = NOON;
    office.restart();
    office.tick();
    office.restart();
    office.tick();
    assertThat(office.dues()).containsExactly(NOON);
    office.now = NOON.plus(HOUR);
    office.restart();
    office.tick();
    assertThat(office.dues()).containsExactly(NOON.plus(HOUR));
  }

  @Test
  void whereTheClockIsSetBackNothingIsDueTwice() {
    office.now = NOON;
    office.tick();
    assertThat(office.dues()).containsExactly(NOON);
    office.now = NOON.minus(HOUR.multipliedBy(3));
    office.tick();
    office.tell(new PauseSchedule("hourly", "me"));
    office.tell(new ResumeSchedule("hourly", "me"));
    assertThat(office.state("hourly").next()).contains(NOON.plus(HOUR));
    office.tell(new PutSchedule(schedule("hourly", "*/30 * * * *", Missed.ALL), "me"));
    assertThat(office.state("hourly").next()).contains(NOON.plus(HOUR.dividedBy(2)));
    office.restart(catalog(schedule("hourly", "*/20 * * * *", Missed.ALL)));
    assertThat(office.state("hourly").next()).contains(NOON.plus(HOUR.dividedBy(3)));
    office.pass(HOUR.multipliedBy(3));
    assertThat(office.dues()).isEmpty();
  }

  @Test
  void whatIsDueWhileItIsPausedIsNotMissed() {
    office.tell(new PauseSchedule("hourly", "ada"));
    assertThat(office.state("hourly").paused()).isTrue();
    assertThat(office.state("hourly").by()).isEqualTo("ada");
    assertThat(office.state("hourly").next()).isEmpty();
    office.pass(HOUR.multipliedBy(3));
    office.restart();
    office.tick();
    office.tell(new ResumeSchedule("hourly", "bob"));
    office.tick();
    assertThat(office.dues()).isEmpty();
    assertThat(office.state("hourly").next()).contains(NOON.plus(HOUR.multipliedBy(3)));
    assertThat(office.state("hourly").missed()).isZero();
  }

  @Test
  void whatHasComeIsDealtWithBeforeWhatIsWantedThen() {
    office.now = NOON.plusMillis(5);
    office.tell(new PauseSchedule("hourly", "me"));
    assertThat(office.dues()).containsExactly(NOON);
    office.tell(new ResumeSchedule("hourly", "me"));
    office.now = NOON.plus(HOUR).plusMillis(5);
    office.tell(new PutSchedule(schedule("hourly", "30 * * * *", Missed.ALL), "me"));
    assertThat(office.dues()).containsExactly(NOON.plus(HOUR));
  }

  @Test
  void whatIsToldTwiceChangesNothing() {
    office.tell(new PauseSchedule("hourly", "me"));
    office.tell(new PutSchedule(schedule("made", "0 * * * *", Missed.ALL), "me"));
    int tellings = office.tellings;
    office.now = office.now.plusSeconds(1);
    office.tell(new PauseSchedule("hourly", "me"));
    office.tell(new PutSchedule(schedule("made", "0 * * * *", Missed.ALL), "me"));
    office.tell(new ResumeSchedule("made", "me"));
    assertThat(office.tellings).isEqualTo(tellings);
  }

  @Test
  void aJobMayBeMadeOutOfTurn() {
    String id = new Place(7).id(RANDOM);
    office.tell(new Trigger("hourly", id, "ada"));
    JobCommand.Submit submit = office.made().getFirst();
    assertThat(submit.id()).isEqualTo(id);
    assertThat(submit.due()).isEqualTo(office.now);
    assertThat(submit.request().by()).isEqualTo("schedule/hourly/ada");
    assertThat(office.state("hourly").lastJob()).contains(id);
    assertThat(office.state("hourly").last()).isEmpty();
    assertThat(office.state("hourly").next()).contains(NOON);
    office.tell(new PauseSchedule("hourly", "me"));
    office.tell(new Trigger("hourly", new Place(8).id(RANDOM), "ada"));
    assertThat(office.made()).as("while it is paused").hasSize(1);
  }

  @Test
  void aJobOutOfTurnLivesWhereOthersOfItsTypeDo() {
    office.tell(
        new PutSchedule(schedule("narrow", "one_by_one", "0 * * * *", Missed.ALL, 1), "me"));
    Place home =
        Place.of(
            catalog(),
            catalog().type("one_by_one").orElseThrow(),
            Optional.empty(),
            Optional.empty(),
            RANDOM);
    unfit(
        new Trigger("narrow", new Place(home.number() ^ 1).id(RANDOM), "me"), "do not live where");
    unfit(new Trigger("narrow", "x", "me"), "'x' is no id of a job");
    office.tell(new Trigger("narrow", home.id(RANDOM), "me"));
    assertThat(office.made()).hasSize(1);
  }

  private void unfit(JobCommand.OfSchedule command, String why) {
    assertThatThrownBy(() -> office.tell(command))
        .isInstanceOf(Unfit.class)
        .hasMessageContaining(why);
    assertThat(office.made()).isEmpty();
  }

  @Test
  void thePastMayBeMadeUpFor() {
    office.now = NOON;
    office.tick();
    String id = office.made().getFirst().id();
    office.now = NOON.plusSeconds(1);
    Instant from = NOON.minus(HOUR.multipliedBy(2));
    office.tell(new Backfill("hourly", from, NOON.plus(HOUR.multipliedBy(9)), "ada"));
    List<JobCommand.Submit> made = office.made();
    assertThat(made).extracting(JobCommand.Submit::due).containsExactly(from.plus(HOUR), NOON);
    assertThat(made.getLast().id()).as("the same job").isEqualTo(id);
    assertThat(made.getFirst().request().by()).isEqualTo("schedule/hourly/ada");
    assertThat(office.jobs).hasSize(2);
    assertThat(office.state("hourly").next()).contains(NOON.plus(HOUR));
    assertThat(office.state("hourly").last()).contains(NOON);
  }

  @Test
  void whatWasMadeUpForIsNotDueAgainWhereTheClockIsSetBack() {
    office.tell(new PauseSchedule("hourly", "me"));
    office.now = NOON.plusSeconds(1);
    office.tell(new Backfill("hourly", NOON.minusSeconds(1), NOON, "ada"));
    assertThat(office.dues()).containsExactly(NOON);
    office.now = NOON.minusSeconds(1);
    office.tell(new ResumeSchedule("hourly", "me"));
    assertThat(office.state("hourly").next()).contains(NOON.plus(HOUR));
  }

  @Test
  void ofThePastTheLastThousandAndTenYears() {
    office.tell(new PutSchedule(schedule("often", "* * * * *", Missed.SKIP), "me"));
    Instant furthest = office.now.minus(Backfill.FURTHEST);
    office.tell(new Backfill("often", furthest, NOON, "me"));
    assertThat(office.dues())
        .hasSize(Backfill.MOST)
        .startsWith(NOON.minus(Duration.ofMinutes(1 + Backfill.MOST)))
        .endsWith(NOON.minus(Duration.ofMinutes(2)));
    unfit(new Backfill("often", furthest.minusMillis(1), NOON, "me"), "goes back 3653 days");
    unfit(new Backfill("often", NOON, NOON, "me"), "ends after it begins");
  }

  @Test
  void somebodyMakesAScheduleAndDropsIt() {
    JobSchedule made = schedule("made", "5 * * * *", Missed.ALL);
    office.tell(new PutSchedule(made, "ada"));
    assertThat(office.state("made").origin()).isEqualTo(Origin.MADE);
    assertThat(office.state("made").by()).isEqualTo("ada");
    office.restart();
    office.now = NOON.plus(Duration.ofMinutes(5));
    office.tick();
    assertThat(office.dues()).containsExactly(office.now.minus(Duration.ofMinutes(5)), office.now);
    office.tell(new DropSchedule("made", "bob"));
    assertThat(office.told).containsOnlyKeys("hourly");
    office.restart();
    office.pass(HOUR.multipliedBy(2));
    assertThat(office.made())
        .extracting(submit -> submit.request().by())
        .containsExactly("schedule/hourly");
    assertThat(office.refusals).isEmpty();
    office.tell(new DropSchedule("made", "bob"));
    office.tell(new Backfill("made", NOON, NOON.plus(HOUR), "bob"));
    assertThat(office.refusals)
        .containsExactly("made: there is no such schedule", "made: there is no such schedule");
  }

  @Test
  void oneOfTheCatalogIsChangedAndIsAsItWasAgain() {
    JobSchedule declared = schedule("hourly", "0 * * * *", Missed.ONCE);
    JobSchedule other = schedule("hourly", "30 * * * *", Missed.ONCE);
    office.tell(new DropSchedule("hourly", "me"));
    assertThat(office.refusals)
        .containsExactly(
            "hourly: the catalog names this schedule: pause it, or take it out of the catalog");
    office.tell(new PutSchedule(other, "ada"));
    assertThat(office.state("hourly").origin()).isEqualTo(Origin.CHANGED);
    assertThat(office.state("hourly").next()).contains(NOON.plus(HOUR.dividedBy(2)));
    office.restart();
    assertThat(office.state("hourly").schedule()).isEqualTo(other);
    office.tell(new DropSchedule("hourly", "bob"));
    assertThat(office.state("hourly").schedule()).isEqualTo(declared);
    assertThat(office.state("hourly").origin()).isEqualTo(Origin.CATALOG);
    assertThat(office.state("hourly").by()).isEqualTo("bob");
    assertThat(office.state("hourly").next()).contains(NOON);
    office.tell(new PutSchedule(other, "ada"));
    office.tell(new PutSchedule(declared, "ada"));
    assertThat(office.state("hourly").origin()).isEqualTo(Origin.CATALOG);
  }

  @Test
  void whoChangesOneThatIsPausedDoesNotResumeIt() {
    office.tell(new PauseSchedule("hourly", "me"));
    office.tell(new PutSchedule(schedule("hourly", "30 * * * *", Missed.ONCE), "ada"));
    office.restart(catalog(schedule("hourly", "20 * * * *", Missed.ONCE)));
    assertThat(office.state("hourly").paused()).isTrue();
    office.pass(HOUR.multipliedBy(3));
    assertThat(office.made()).isEmpty();
  }

  @Test
  void anotherInputMovesNothing() {
    office.now = NOON.plus(HOUR.dividedBy(2));
    office.restart(catalog(schedule("hourly", "work", "0 * * * *", Missed.ONCE, 2)));
    office.tick();
    List<JobCommand.Submit> made = office.made();
    assertThat(made).extracting(JobCommand.Submit::due).containsExactly(NOON);
    assertThat(made.getFirst().request().input()).isEqualTo("{\"a\":2}");
  }

  @Test
  void theCatalogChangesOneOfItsOwn() {
    office.now = NOON;
    office.tick();
    office.made();
    office.now = NOON.plus(HOUR.multipliedBy(2));
    office.restart(catalog(schedule("hourly", "30 * * * *", Missed.ALL)));
    office.tick();
    assertThat(office.made()).as("other times count from then on").isEmpty();
    ScheduleState state = office.state("hourly");
    assertThat(state.schedule()).isEqualTo(schedule("hourly", "30 * * * *", Missed.ALL));
    assertThat(state.next()).contains(office.now.plus(HOUR.dividedBy(2)));
    assertThat(state.last()).contains(NOON);
    assertThat(state.at()).isEqualTo(office.now);
  }

  @Test
  void whatSomebodyChangedStaysUntilTheCatalogSaysSomethingElse() {
    JobSchedule edited = schedule("hourly", "30 * * * *", Missed.ONCE);
    office.tell(new PutSchedule(edited, "ada"));
    office.restart(catalog(schedule("hourly", "0 * * * *", Missed.ONCE)));
    assertThat(office.state("hourly").schedule()).isEqualTo(edited);
    JobSchedule declared = schedule("hourly", "20 * * * *", Missed.ONCE);
    office.restart(catalog(declared));
    assertThat(office.state("hourly").schedule()).isEqualTo(declared);
    assertThat(office.state("hourly").origin()).isEqualTo(Origin.CATALOG);
    office.tell(new PutSchedule(schedule("made", "30 * * * *", Missed.ONCE), "ada"));
    JobSchedule named = schedule("made", "10 * * * *", Missed.ONCE);
    office.restart(catalog(named));
    assertThat(office.told).containsOnlyKeys("made");
    assertThat(office.state("made").schedule()).as("the catalog names it now").isEqualTo(named);
  }

  @Test
  void whatTheCatalogNamesNoMoreIsDropped() {
    office.tell(new PutSchedule(schedule("made", "30 * * * *", Missed.ONCE), "ada"));
    office.restart(catalog());
    assertThat(office.told).containsOnlyKeys("made");
    office.restart(catalog(schedule("hourly", "0 * * * *", Missed.ONCE)));
    office.tell(new PutSchedule(schedule("hourly", "30 * * * *", Missed.ONCE), "ada"));
    office.restart(catalog());
    assertThat(office.told).as("even if somebody changed it").containsOnlyKeys("made");
    office.now = NOON.plus(HOUR);
    office.tick();
    assertThat(office.made())
        .extracting(submit -> submit.request().by())
        .containsExactly("schedule/made");
  }

  @Test
  void withoutItsTypeAScheduleWaitsAndSaysSo() {
    office.tell(
        new PutSchedule(schedule("made", "one_by_one", "30 * * * *", Missed.ALL, 1), "ada"));
    JobCatalog whole = catalog();
    office.restart(new JobCatalog(whole.queues(), List.of(whole.types().getFirst()), List.of()));
    ScheduleState state = office.state("made");
    assertThat(state.fault()).contains("there is no type of jobs one_by_one");
    assertThat(state.next()).isEmpty();
    assertThat(state.paused()).isFalse();
    office.pass(HOUR.multipliedBy(2));
    office.tell(new Trigger("made", new Place(7).id(RANDOM), "me"));
    office.tell(new Backfill("made", NOON.minus(HOUR), NOON.plus(HOUR), "me"));
    assertThat(office.refusals)
        .containsExactly(
            "made: there is no type of jobs one_by_one",
            "made: there is no type of jobs one_by_one");
    office.tell(new PauseSchedule("made", "me"));
    office.tell(new ResumeSchedule("made", "me"));
    office.pass(HOUR.multipliedBy(2));
    assertThat(office.made()).isEmpty();
    office.restart(whole);
    assertThat(office.state("made").fault()).isEmpty();
    assertThat(office.state("made").next())
        .contains(NOON.plus(HOUR.multipliedBy(4)).plusSeconds(1_800));
    office.tick();
    assertThat(office.made()).isEmpty();
  }

  @Test
  void nothingIsMadeOfWhatNobodyCouldDo() {
    unfit(
        new PutSchedule(schedule("made", "fly", "0 * * * *", Missed.ALL, 1), "me"),
        "there is no type of jobs fly");
    unfit(new PutSchedule(schedule("Made", "0 * * * *", Missed.ALL), "me"), "a schedule's name");
    JobSchedule large =
        new JobSchedule(
            "made",
            "work",
            Cron.parse("0 * * * *"),
            MADRID,
            Missed.ALL,
            Map.of("a", "x".repeat(Schedules.LONGEST_INPUT)));
    unfit(new PutSchedule(large, "me"), "the input of a schedule");
    assertThat(office.told).containsOnlyKeys("hourly");
  }

  @Test
  void aPartitionHasSoManySchedulesAndNoMore() {
    for (int i = 1; i < Schedules.MOST; i++) {
      office.tell(new PutSchedule(schedule("made" + i, "0 0 1 1 *", Missed.SKIP), "me"));
    }
    unfit(new PutSchedule(schedule("more", "0 0 1 1 *", Missed.SKIP), "me"), "10000 schedules");
    office.restart();
    unfit(new PutSchedule(schedule("more", "0 0 1 1 *", Missed.SKIP), "me"), "10000 schedules");
    office.tell(new PutSchedule(schedule("made1", "0 1 1 1 *", Missed.SKIP), "me"));
    office.tell(new DropSchedule("made1", "me"));
    office.tell(new PutSchedule(schedule("more", "0 0 1 1 *", Missed.SKIP), "me"));
  }

  @Test
  void aScheduleLivesInOnePartition() {
    JobSchedule[] many = new JobSchedule[20];
    for (int i = 0; i < many.length; i++) {
      many[i] = schedule("s" + i, "0 * * * *", Missed.ONCE);
    }
    Office spread = new Office(catalog(many), 3, NOON);
    assertThat(spread.told).hasSize(20);
    spread.pass(HOUR);
    assertThat(spread.made()).extracting(JobCommand.Submit::id).hasSize(20).doesNotHaveDuplicates();
    int owner = Place.ofSchedule("s0").partition(3);
    assertThatThrownBy(() -> spread.tell((owner + 1) % 3, new PauseSchedule("s0", "me")))
        .isInstanceOf(Unfit.class)
        .hasMessage("the schedule s0 is none of partition " + (owner + 1) % 3);
    spread.tell(owner, new PauseSchedule("s0", "me"));
  }

  @Test
  void aJobThatHasNotEndedHoldsUpNoOther() {
    office.now = NOON;
    office.tick();
    office.pass(HOUR);
    assertThat(office.jobs).as("though their type is unique").hasSize(2);
  }

  @Test
  void withoutTimeNothingIsLost() {
    office.now = NOON;
    office.hurriedTick();
    assertThat(office.made()).isEmpty();
    office.tick();
    assertThat(office.dues()).containsExactly(NOON);
  }

  @Test
  void whatEverybodyWasToldIsDueThenThoughTheZoneHasOtherRulesByNow() {
    Instant odd = NOON.plus(Duration.ofMinutes(7));
    Plan plan =
        Plan.fresh(
                schedule("hourly", "0 * * * *", Missed.ONCE),
                Origin.CATALOG,
                Optional.of(ScheduleText.write(schedule("hourly", "0 * * * *", Missed.ONCE))),
                "catalog",
                NOON)
            .edit()
            .next(Optional.of(odd))
            .done();
    office.corrupt(plan);
    office.restart();
    office.now = odd;
    office.tick();
    assertThat(office.dues()).containsExactly(odd);
    assertThat(office.state("hourly").next()).contains(NOON.plus(HOUR));
  }

  @Test
  void isKeptInThisForm() {
    Plan plan =
        new Plan(
            new ScheduleState(
                schedule("hourly", "0 * * * *", Missed.ONCE),
                Origin.CHANGED,
                true,
                "me",
                NOON,
                Optional.of(NOON.plusSeconds(1)),
                Optional.of(NOON.minusSeconds(1)),
                Optional.of("id"),
                3,
                Optional.of("no")),
            Optional.of("{}"),
            NOON.plusNanos(1));
    assertThat(HexFormat.of().formatHex(ScheduleBytes.write(plan))).isEqualTo(BYTES);
    assertThat(ScheduleBytes.read(HexFormat.of().parseHex(BYTES))).isEqualTo(plan);
    for (Origin origin : Origin.values()) {
      Plan fresh = Plan.fresh(plan.schedule(), origin, Optional.empty(), "me", NOON);
      assertThat(ScheduleBytes.read(ScheduleBytes.write(fresh))).isEqualTo(fresh);
    }
  }
}
