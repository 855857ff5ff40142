package dev.tidemark.pipeline.jobs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.pipeline.jobs.core.Job.Failure;
import dev.tidemark.pipeline.jobs.core.Job.Reason;
import dev.tidemark.pipeline.jobs.core.Job.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the scheduler begins when; {@link Yard} holds every decision against the catalog. */
class SchedulerTest {
  private static final JobCatalog CATALOG =
      new JobCatalog(
          List.of(
              queue("wide", 1, 100, Optional.empty()),
              queue("heavy", 3, 100, Optional.empty()),
              queue("narrow", 1, 2, Optional.empty()),
              queue("paced", 1, 100, Optional.of(new Pace(16, Duration.ofMinutes(1))))),
          List.of(
              type("plain", "wide", OptionalInt.empty(), Optional.empty()),
              type(
                  "routed",
                  "wide",
                  OptionalInt.empty(),
                  Optional.empty(),
                  new JobType.Route(8, false, "heavy")),
              type("weighty", "heavy", OptionalInt.empty(), Optional.empty()),
              type("two", "narrow", OptionalInt.empty(), Optional.empty()),
              type("slow", "paced", OptionalInt.empty(), Optional.empty()),
              type("keyed", "wide", OptionalInt.of(1), Optional.empty()),
              type(
                  "sole",
                  "wide",
                  OptionalInt.empty(),
                  Optional.of(new Uniqueness(Optional.empty()))),
              type(
                  "hourly",
                  "wide",
                  OptionalInt.empty(),
                  Optional.of(new Uniqueness(Optional.of(Duration.ofHours(1))))),
              type(
                  "daily",
                  "wide",
                  OptionalInt.empty(),
                  Optional.of(new Uniqueness(Optional.of(Duration.ofHours(24)))))),
          List.of());
  private static final String[] ALL = {
    "plain", "weighty", "two", "slow", "keyed", "sole", "hourly", "daily"
  };

  private final Yard yard = new Yard(CATALOG, 1);

  @Test
  void aJobIsBegunAtOnceAndItsResultKept() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.tick();
    assertThat(yard.work("ada")).containsEntry(id, 1);
    yard.finish("ada", id, true);
    assertThat(yard.job(id).status()).isEqualTo(Status.COMPLETED);
    assertThat(yard.job(id).result()).contains("1");
    yard.check();
  }

  @Test
  void aJobOfLaterIsBegunThen() {
    yard.hire("ada", 4, ALL);
    String id = later("plain", Duration.ofSeconds(90));
    yard.pass(Duration.ofSeconds(89));
    assertThat(yard.begun).isEmpty();
    yard.pass(Duration.ofSeconds(1));
    assertThat(yard.begun).containsExactly(id);
  }

  @Test
  void withoutAWorkerForItsTypeAJobWaitsForOneAndHoldsNobodyUp() {
    yard.hire("ada", 1, "two");
    String plain = yard.submit("plain");
    yard.tick();
    assertThat(yard.begun).isEmpty();
    yard.hire("bob", 4, "plain");
    yard.tick();
    assertThat(yard.begun).containsExactly(plain);
    yard.check();
  }

  @Test
  void aQueueOfTwoRunsTwoAtATime() {
    yard.hire("ada", 50, ALL);
    for (int i = 0; i < 5; i++) {
      yard.submit("two");
    }
    yard.tick();
    assertThat(yard.begun).hasSize(2);
    yard.finish("ada", yard.begun.getFirst(), true);
    yard.tick();
    assertThat(yard.begun).hasSize(3);
    yard.check();
  }

  @Test
  void aQueueThatIsSpreadRunsNoMoreThanItMayInAllPartitions() {
    JobCatalog catalog =
        new JobCatalog(
            List.of(queue("spread", 1, 17, Optional.empty())),
            List.of(type("any", "spread", OptionalInt.empty(), Optional.empty())),
            List.of());
    Yard three = new Yard(catalog, 3);
    three.hire("ada", 300, "any");
    for (int i = 0; i < 100; i++) {
      three.submit("any");
    }
    three.tick();
    assertThat(three.begun).hasSize(17);
  }

  @Test
  void aJobHasOneTimerAndWhatIsOverLeavesNone() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    later("plain", Duration.ofSeconds(30));
    yard.tick();
    assertThat(yard.timers()).isEqualTo(2);
    yard.finish("ada", id, true);
    assertThat(yard.timers()).isEqualTo(2);
  }

  @Test
  void aPaceIsKept() {
    yard.hire("ada", 50, ALL);
    for (int i = 0; i < 40; i++) {
      yard.submit("slow");
    }
    yard.tick();
    assertThat(yard.begun).hasSize(16);
    yard.pass(Duration.ofSeconds(59));
    assertThat(yard.begun).hasSize(16);
    yard.pass(Duration.ofSeconds(6));
    assertThat(yard.begun).hasSize(32);
  }

  @Test
  void ofOneKeyOneRunsAtATimeAndTheOthersHoldNobodyUp() {
    yard.hire("ada", 50, ALL);
    String first = keyed("shop 1");
    String second = keyed("shop 1");
    String third = keyed("shop 1");
    String other = keyed("shop 2");
    String plain = yard.submit("plain");
    yard.tick();
    assertThat(yard.begun).containsExactly(first, other, plain);
    yard.tell(new JobCommand.Cancel(second));
    yard.finish("ada", first, true);
    yard.tick();
    assertThat(yard.begun).endsWith(third);
    yard.check();
  }

  @Test
  void whoseTurnItWasAndIsCancelledMakesRoomForTheNext() {
    yard.hire("ada", 50, ALL);
    String first = keyed("shop 1");
    String second = keyed("shop 1");
    String third = keyed("shop 1");
    yard.tick();
    yard.tell(new JobCommand.Pause("wide", "me"));
    yard.finish("ada", first, true);
    yard.tell(new JobCommand.Cancel(second));
    yard.tell(new JobCommand.Resume("wide", "me"));
    yard.tick();
    assertThat(yard.begun).containsExactly(first, third);
  }

  @Test
  void nothingOfAPausedQueueIsBegun() {
    yard.hire("ada", 50, ALL);
    yard.tell(new JobCommand.Pause("wide", "me"));
    String plain = yard.submit("plain");
    String two = yard.submit("two");
    yard.tick();
    assertThat(yard.begun).containsExactly(two);
    yard.restart();
    yard.alive("ada");
    yard.tick();
    assertThat(yard.begun).as("it stays paused").containsExactly(two);
    yard.tell(new JobCommand.Resume("wide", "me"));
    yard.tick();
    assertThat(yard.begun).containsExactly(two, plain);
  }

  @Test
  void aHigherPriorityGoesFirstButNothingStarves() {
    yard.hire("ada", 1, ALL);
    yard.tell(new JobCommand.Pause("wide", "me"));
    String low = prioritised(0);
    yard.pass(Duration.ofMinutes(4));
    String middle = prioritised(5);
    yard.pass(Duration.ofSeconds(31));
    String high = prioritised(9);
    yard.tell(new JobCommand.Resume("wide", "me"));
    for (int i = 0; i < 3; i++) {
      yard.tick();
      yard.finish("ada", yard.begun.getLast(), true);
    }
    assertThat(yard.begun).containsExactly(low, high, middle);
  }

  @Test
  void queuesTakeTurnsByWeight() {
    yard.hire("ada", 1, ALL);
    for (int i = 0; i < 40; i++) {
      yard.submit("plain");
      yard.submit("weighty");
    }
    for (int i = 0; i < 20; i++) {
      yard.tick();
      yard.finish("ada", yard.begun.getLast(), true);
    }
    List<String> types = yard.begun.stream().map(id -> yard.job(id).request().type()).toList();
    assertThat(Collections.frequency(types, "weighty")).isEqualTo(15);
  }

  @Test
  void theSameIsNotWantedTwiceUntilItHasEnded() {
    yard.hire("ada", 50, ALL);
    String first = unique("sole");
    String second = unique("sole");
    assertThat(yard.duplicates).containsEntry(second, first);
    assertThat(yard.jobs).doesNotContainKey(second);
    yard.tick();
    yard.finish("ada", first, true);
    String third = unique("sole");
    assertThat(yard.jobs).containsKey(third);
    yard.tell(new JobCommand.Retry(first, yard.now));
    assertThat(yard.refusals).containsExactly(first + ": the same as " + third);
    yard.check();
  }

  @Test
  void aUniqueKeyCountsWhateverTheTypeSays() {
    yard.hire("ada", 50, ALL);
    String first = unique("plain");
    String second = unique("plain");
    assertThat(yard.duplicates).containsEntry(second, first);
    yard.tick();
    yard.finish("ada", first, true);
    assertThat(yard.jobs).containsKey(unique("plain"));
    yard.check();
  }

  @Test
  void norWithinATimeIfTheTypeSaysSo() {
    yard.hire("ada", 50, ALL);
    String first = unique("hourly");
    yard.tick();
    yard.finish("ada", first, true);
    yard.pass(Duration.ofMinutes(59));
    String second = unique("hourly");
    assertThat(yard.duplicates).containsEntry(second, first);
    yard.pass(Duration.ofMinutes(1));
    assertThat(yard.jobs).containsKey(unique("hourly"));
  }

  @Test
  void alsoLongerThanItsJobWouldBeKept() {
    yard.hire("ada", 50, ALL);
    String first = unique("daily");
    yard.tick();
    yard.finish("ada", first, true);
    yard.pass(Duration.ofHours(23));
    String second = unique("daily");
    assertThat(yard.duplicates).containsEntry(second, first);
    yard.pass(Duration.ofHours(1).plusSeconds(1));
    assertThat(yard.forgotten).contains(first);
    assertThat(yard.jobs).containsKey(unique("daily"));
    yard.check();
  }

  @Test
  void ofASubmissionThatDoesNotFitNothingIsKept() {
    assertThatThrownBy(() -> yard.tell(odd("fly", "wide", 5, Optional.empty())))
        .isInstanceOf(Unfit.class)
        .hasMessage("there is no type of jobs fly");
    assertThatThrownBy(() -> yard.tell(odd("plain", "nowhere", 5, Optional.empty())))
        .isInstanceOf(Unfit.class)
        .hasMessage("there is no queue nowhere");
    assertThatThrownBy(() -> yard.tell(odd("plain", "wide", 10, Optional.empty())))
        .isInstanceOf(Unfit.class);
    assertThatThrownBy(() -> yard.tell(odd("plain", "wide", 5, Optional.of("a\0b"))))
        .isInstanceOf(Unfit.class);
    assertThat(yard.jobs).isEmpty();
    yard.check();
  }

  private JobCommand.Submit odd(String type, String queue, int priority, Optional<String> key) {
    return again("0000-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e", type, queue, priority, key);
  }

  private JobCommand.Submit again(
      String id, String type, String queue, int priority, Optional<String> key) {
    JobRequest request =
        new JobRequest(type, queue, priority, key, Optional.empty(), "{}", "me", yard.now);
    return new JobCommand.Submit(id, request, yard.now);
  }

  @Test
  void aDeadWorkersJobsAreBegunByAnotherWithinSeconds() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.tick();
    yard.hire("bob", 4, ALL);
    yard.kill("ada");
    yard.pass(JobCommand.Alive.LEASE.minusSeconds(1));
    assertThat(yard.begun).containsExactly(id);
    yard.pass(Duration.ofSeconds(1));
    assertThat(yard.begun).containsExactly(id, id);
    assertThat(yard.work("bob")).containsEntry(id, 2);
    yard.tell(new JobCommand.Succeeded(id, 1, "ada", Optional.of("late")));
    assertThat(yard.job(id).status()).isEqualTo(Status.RUNNING);
    assertThat(yard.refusals).hasSize(1);
  }

  @Test
  void whatAWorkerSaidBeforeItWasGivenAJobTakesNoneFromIt() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.tick();
    Instant before = yard.now;
    yard.now = before.plusSeconds(60);
    yard.aliveSaid("ada", before, Map.of());
    assertThat(yard.begun).containsExactly(id);
    yard.aliveSaid("ada", yard.now, Map.of());
    yard.tick();
    assertThat(yard.begun).containsExactly(id, id);
  }

  @Test
  void whoStandsInABacklogHoweverLongIsNotDead() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.tick();
    Instant said = yard.now;
    for (int second = 1; second <= 40; second++) {
      yard.now = said.plusSeconds(second);
      // All that is read was said when she was heard of last.
      yard.aliveSaid("bob", said, Map.of());
      yard.tick();
    }
    assertThat(yard.begun).containsExactly(id);
    assertThat(yard.present).contains("ada");
  }

  @Test
  void silenceOfAllIsNoDeathAtOnce() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.tick();
    // What it says may stand in a backlog.
    yard.now = yard.now.plus(Crew.SILENCE).minusSeconds(1);
    yard.tick();
    assertThat(yard.job(id).status()).isEqualTo(Status.RUNNING);
    yard.now = yard.now.plusSeconds(1);
    yard.tick();
    assertThat(yard.job(id).status()).isEqualTo(Status.READY);
  }

  @Test
  void aWorkerThatDoesNotKnowOfItsJobHasLostIt() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.tick();
    yard.work("ada").clear();
    yard.pass(Duration.ofSeconds(4));
    assertThat(yard.begun).hasSize(1);
    yard.pass(Duration.ofSeconds(2));
    assertThat(yard.begun).hasSize(2);
    assertThat(yard.job(id).failures())
        .extracting(Failure::reason)
        .containsExactly(Reason.WORKER_LOST);
  }

  @Test
  void whoHasNoSlotsForNowKeepsItsJobsAndIsGivenNoMore() {
    yard.hire("ada", 4, ALL);
    String first = yard.submit("plain");
    yard.tick();
    yard.tell(alive(0, first));
    String second = yard.submit("plain");
    yard.tick();
    assertThat(yard.job(first).status()).isEqualTo(Status.RUNNING);
    assertThat(yard.job(second).status()).isEqualTo(Status.READY);
    yard.tell(alive(2, first));
    yard.tick();
    assertThat(yard.job(second).status()).isEqualTo(Status.RUNNING);
    yard.check();
  }

  private static JobCommand alive(int slots, String running) {
    return new JobCommand.Alive(
        "ada", Set.of(ALL), slots, Map.of(running, 1), JobCommand.Alive.LEASE);
  }

  @Test
  void aWorkerThatGoesLeavesNothingBehind() {
    yard.hire("ada", 4, ALL);
    String done = yard.submit("plain");
    String left = yard.submit("plain");
    yard.tick();
    yard.handBack("ada", done);
    yard.tell(new JobCommand.Gone("ada"));
    yard.kill("ada");
    assertThat(yard.job(done).status()).isEqualTo(Status.READY);
    assertThat(yard.job(left).status()).isEqualTo(Status.READY);
    yard.check();
  }

  @Test
  void atTheLimitsOfTimeItsWorkerIsTold() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.pass(Duration.ofSeconds(21));
    assertThat(yard.signals).containsExactly(new Step.Signal("ada", 1, Step.Demand.END));
    yard.pass(Duration.ofSeconds(10));
    assertThat(yard.signals).endsWith(new Step.Signal("ada", 1, Step.Demand.ABANDON));
    assertThat(yard.job(id).status()).isEqualTo(Status.SCHEDULED);
    yard.check();
  }

  @Test
  void theNextAttemptIsToldWhatWasSavedLast() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.tick();
    yard.tell(new JobCommand.Saved(id, 1, "ada", "page 6"));
    yard.tell(new JobCommand.Saved(id, 1, "ada", "page 7"));
    yard.tell(new JobCommand.Saved(id, 2, "ada", "of a stranger"));
    yard.tell(new JobCommand.Saved(id, 1, "bob", "of a stranger"));
    yard.finish("ada", id, false);
    assertThat(yard.job(id).saved()).contains("page 7");
    yard.restart();
    yard.pass(Duration.ofMinutes(1));
    assertThat(yard.job(id).attempt()).isEqualTo(2);
    assertThat(yard.job(id).saved()).contains("page 7");
    assertThat(yard.job(id).failures().getFirst().worker()).isEqualTo("ada");
    yard.finish("ada", id, true);
    assertThat(yard.job(id).saved()).as("it is done").isEmpty();
  }

  @Test
  void whatHasEndedIsForgottenIfSomebodyWantsSo() {
    yard.hire("ada", 8, ALL);
    List<String> old = new ArrayList<>();
    for (int i = 0; i < 450; i++) {
      old.add(yard.submit("plain"));
      yard.tick();
      yard.finish("ada", old.getLast(), true);
    }
    String running = yard.submit("plain");
    yard.tick();
    yard.pass(Duration.ofSeconds(1));
    String late = yard.submit("plain");
    yard.tick();
    yard.finish("ada", late, true);
    yard.tell(new JobCommand.Forget(yard.now));
    yard.restart();
    yard.tick();
    assertThat(yard.forgotten).containsExactlyInAnyOrderElementsOf(old);
    assertThat(yard.jobs).containsOnlyKeys(running, late);
    assertThat(yard.timers()).isEqualTo(2);
    yard.check();
  }

  @Test
  void jobsOfAQueueThatIsNoMoreWaitWhereOthersOfTheirTypeDo() {
    String id = yard.submit("routed", Duration.ZERO, 9, Optional.empty(), Optional.empty());
    assertThat(yard.job(id).request().queue()).isEqualTo("heavy");
    Yard without = yard.with(withoutHeavy());
    without.hire("ada", 4, "routed");
    without.tick();
    assertThat(without.job(id).request().queue()).isEqualTo("wide");
    assertThat(without.work("ada")).containsKey(id);
    without.check();
  }

  private static JobCatalog withoutHeavy() {
    List<JobType> types = new ArrayList<>();
    for (JobType type : CATALOG.types()) {
      if (type.name().equals("routed")) {
        types.add(type("routed", "wide", OptionalInt.empty(), Optional.empty()));
      } else if (!type.queues().contains("heavy")) {
        types.add(type);
      }
    }
    return new JobCatalog(
        CATALOG.queues().stream().filter(queue -> !queue.name().equals("heavy")).toList(),
        types,
        List.of());
  }

  @Test
  void whatIsSentTwiceIsDoneOnce() {
    yard.hire("ada", 4, ALL);
    String id = yard.submit("plain");
    yard.tell(again(id, "plain", "wide", 5, Optional.empty()));
    yard.tick();
    yard.finish("ada", id, true);
    yard.tell(again(id, "plain", "wide", 5, Optional.empty()));
    yard.tick();
    assertThat(yard.begun).containsExactly(id);
    assertThat(yard.duplicates).isEmpty();
  }

  @Test
  void whatHasEndedIsForgottenInTime() {
    yard.hire("ada", 4, ALL);
    String id = unique("hourly");
    yard.tick();
    yard.finish("ada", id, true);
    yard.pass(Duration.ofHours(2).minusSeconds(1));
    assertThat(yard.forgotten).isEmpty();
    yard.pass(Duration.ofSeconds(2));
    assertThat(yard.forgotten).containsExactly(id);
    yard.check();
  }

  @Test
  void whatTimeHasDoneInALongAbsenceIsDoneAtOnce() {
    String id = later("plain", Duration.ofSeconds(1));
    yard.now = yard.now.plus(Duration.ofHours(4));
    yard.tick();
    assertThat(yard.job(id).failures())
        .as("it was due, and nobody began it for three hours")
        .extracting(Failure::reason)
        .containsExactly(Reason.NOT_BEGUN);
  }

  @Test
  void aClockThatIsSetBackLosesNothing() {
    yard.now = yard.now.plus(Duration.ofHours(2));
    yard.tick();
    yard.now = Yard.START;
    String id = later("plain", Duration.ofSeconds(30));
    yard.restart();
    yard.hire("ada", 4, ALL);
    yard.pass(Duration.ofSeconds(29));
    assertThat(yard.begun).isEmpty();
    yard.pass(Duration.ofSeconds(1));
    assertThat(yard.begun).containsExactly(id);
  }

  @Test
  void aRestartGoesOnWithAllOfIt() {
    yard.hire("ada", 2, ALL);
    String keyed = keyed("shop");
    keyed("shop");
    String running = yard.submit("plain");
    yard.submit("plain");
    later("plain", Duration.ofSeconds(30));
    yard.tick();
    assertThat(yard.begun).containsExactly(keyed, running);
    yard.restart();
    yard.tick();
    assertThat(yard.begun).as("its worker has no room").hasSize(2);
    yard.finish("ada", running, true);
    yard.finish("ada", keyed, true);
    yard.tick();
    assertThat(yard.begun).hasSize(4);
    yard.check();
  }

  private String keyed(String key) {
    return yard.submit(
        "keyed", Duration.ZERO, JobType.PRIORITY, Optional.of(key), Optional.empty());
  }

  private String unique(String type) {
    return yard.submit(
        type, Duration.ZERO, JobType.PRIORITY, Optional.empty(), Optional.of("the one"));
  }

  private String later(String type, Duration delay) {
    return yard.submit(type, delay, JobType.PRIORITY, Optional.empty(), Optional.empty());
  }

  private String prioritised(int priority) {
    return yard.submit("plain", Duration.ZERO, priority, Optional.empty(), Optional.empty());
  }

  private static JobQueue queue(String name, int weight, int concurrency, Optional<Pace> pace) {
    return new JobQueue(name, "", weight, concurrency, Duration.ofHours(3), pace);
  }

  private static JobType type(
      String name,
      String queue,
      OptionalInt perKey,
      Optional<Uniqueness> unique,
      JobType.Route... routes) {
    return new JobType(
        name,
        "",
        queue,
        JobType.PRIORITY,
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        3,
        new Backoff(Duration.ofMinutes(1), 2, Duration.ofHours(1), 0),
        Optional.empty(),
        perKey,
        unique,
        new Keeping(Duration.ofHours(2), Duration.ofDays(7)),
        List.of(routes));
  }
}
