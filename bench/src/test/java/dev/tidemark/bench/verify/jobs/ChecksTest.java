package dev.tidemark.bench.verify.jobs;

import static dev.tidemark.bench.verify.jobs.StagedJobs.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.ScheduleState.Origin;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each check lets pass what is right and finds what is not. */
class ChecksTest {
  private static final long END = 9_000;

  private final StagedJobs run = new StagedJobs();

  private Findings lives() {
    Findings findings = new Findings();
    Lives.check(run.evidence(END), findings);
    Deeds.check(run.evidence(END), findings);
    return findings;
  }

  private Findings limits() {
    Findings findings = new Findings();
    Limits.check(run.evidence(END), findings);
    return findings;
  }

  private Findings twins() {
    Findings findings = new Findings();
    Twins.check(run.evidence(END), findings);
    return findings;
  }

  private Findings calendar(long end, List<Calendar.Outage> outages) {
    Findings findings = new Findings();
    Calendar.check(run.evidence(end), outages, findings);
    return findings;
  }

  private static void assertOnly(Findings findings, Kind kind) {
    assertThat(findings.count(kind)).as(String.join("\n", findings.examples())).isPositive();
    for (Kind other : Kind.values()) {
      if (other != kind) {
        assertThat(findings.count(other)).as(String.join("\n", findings.examples())).isZero();
      }
    }
  }

  private static void assertNone(Findings findings) {
    assertThat(findings.examples()).isEmpty();
  }

  @Test
  void livesAsTheyShouldBeAreLetPass() {
    run.job("quick", 0).runs(1).completes(2);
    run.job("quick", 0).runs(1).fails(2, Status.READY).runs(3).completes(4);
    run.job("frail", 0)
        .runs(1)
        .fails(2, Status.READY)
        .runs(3)
        .handedBack(4, 1)
        .runs(5)
        .fails(6, Status.READY)
        .runs(7)
        .fails(8, Status.FAILED);
    // What is begun again in the same call is not told of in between.
    run.job("quick", 0).runs(1).fails(2, Status.READY).runs(2).completes(4);
    StagedJobs.Staged again = run.job("quick", 0).runs(1).completes(2);
    run.asked.retries(again.id);
    again.say(new JobCommand.Retry(again.id, at(3))).told(Status.READY, 3).runs(4).completes(5);
    assertNone(lives());
  }

  @Test
  void aJobThatIsNeverToldOfIsLost() {
    run.lives.remove(run.job("quick", 0).id);
    assertOnly(lives(), Kind.LOST);
  }

  @Test
  void aJobThatDoesNotEndIsUnsettled() {
    run.job("quick", 0).runs(1).fails(2, Status.READY);
    assertOnly(lives(), Kind.UNSETTLED);
  }

  @Test
  void aJobThatEndsTwiceIsDoubled() {
    run.job("quick", 0).runs(1).completes(2).told(Status.COMPLETED, 3);
    assertOnly(lives(), Kind.DUPLICATED);
  }

  @Test
  void anEndThatDoesNotLastIsUnexpected() {
    run.job("quick", 0).runs(1).completes(2).told(Status.READY, 3).runs(4).completes(5);
    assertOnly(lives(), Kind.UNEXPECTED);
  }

  @Test
  void theOutcomeOfAnEarlierAttemptIsStale() {
    run.job("quick", 0).runs(1).fails(2, Status.READY).runs(3).completes(4, 1, "worker1.1");
    assertOnly(lives(), Kind.STALE_ATTEMPT);
  }

  @Test
  void theOutcomeOfAnotherWorkerIsStale() {
    run.job("quick", 0).runs(1).completes(4, 1, "worker2.1");
    assertOnly(lives(), Kind.STALE_ATTEMPT);
  }

  @Test
  void whatIsDoneWithoutEffectIsLost() {
    run.done.remove(run.job("quick", 0).runs(1).completes(2).id);
    assertOnly(lives(), Kind.LOST);
  }

  @Test
  void anAttemptThatIsMadeTwiceIsDoubled() {
    run.job("quick", 0).runs(1).completes(2);
    Effect effect = run.effects.getLast();
    run.effects.add(
        new Effect(
            "again",
            effect.job(),
            effect.attempt(),
            effect.worker(),
            effect.begunAt(),
            effect.endedAt()));
    assertOnly(lives(), Kind.DUPLICATED);
  }

  @Test
  void anAttemptThatIsHandedBackDoesNotCount() {
    run.job("quick", 0).runs(1).handedBack(2, 0).runs(3).completes(4);
    assertOnly(lives(), Kind.BURNED);
  }

  @Test
  void aJobThatFailsEarlyIsBurned() {
    run.job("frail", 0).runs(1).fails(2, Status.READY).runs(3).fails(4, Status.FAILED);
    assertOnly(lives(), Kind.BURNED);
  }

  @Test
  void limitsThatAreKeptAreLetPass() {
    for (int i = 0; i < 3; i++) {
      run.job("narrow", 0).runs(1).completes(10);
      run.job("narrow", 0).runs(10).completes(20);
    }
    for (int i = 0; i < 8; i++) {
      run.job("paced", 0).runs(1).completes(2);
      run.job("paced", 0).runs(1_001).completes(1_002);
    }
    assertNone(limits());
  }

  @Test
  void moreOfAQueueThanMayAreFound() {
    for (int i = 0; i < 4; i++) {
      run.job("narrow", 0).runs(1 + i).completes(10);
    }
    assertOnly(limits(), Kind.LIMIT);
  }

  @Test
  void moreOfAKeyThanMayAreFound() {
    for (int i = 0; i < 3; i++) {
      run.keyed("keyed", "k", 0).runs(1 + i).completes(10);
      run.keyed("keyed", "other" + i, 0).runs(1 + i).completes(10);
    }
    assertOnly(limits(), Kind.LIMIT);
  }

  @Test
  void moreInATimeThanMayAreFound() {
    for (int i = 0; i < 9; i++) {
      run.job("paced", 0).runs(1 + i * 100).completes(2 + i * 100);
    }
    assertOnly(limits(), Kind.LIMIT);
  }

  @Test
  void whatBeginsInAPausedQueueIsFound() {
    run.queues.add(new QueueState("held", 0, true, "me", at(100)));
    run.queues.add(new QueueState("held", 0, false, "me", at(300)));
    run.queues.add(new QueueState("held", 1, true, "me", at(100)));
    run.toQueues.add(new Told<>(0, 1, at(290), new JobCommand.Resume("held", "me")));
    run.job("held", 0).runs(100).completes(150);
    run.job("held", 0).runs(295).completes(310);
    assertNone(limits());
    run.job("held", 0).runs(200).completes(210);
    assertOnly(limits(), Kind.LIMIT);
  }

  @Test
  void twinsThatDoNotMeetAreLetPass() {
    String id = run.keyed("sole", "k", 0).runs(1).completes(2).id;
    run.refused("sole", "k", 1, id);
    run.keyed("sole", "k", 2).runs(3).completes(4);
    run.keyed("sole", "other", 0).runs(1).completes(4);
    run.keyed("once", "k", 0).runs(1).completes(2);
    run.keyed("once", "k", 2_000).runs(2_001).completes(2_002);
    assertNone(twins());
  }

  @Test
  void twinsThatLiveAtOnceAreFound() {
    run.keyed("sole", "k", 0).runs(1).completes(3);
    run.keyed("sole", "k", 2).runs(3).completes(4);
    assertOnly(twins(), Kind.TWIN);
  }

  @Test
  void twinsWithinTheirTimeAreFound() {
    run.keyed("once", "k", 0).runs(1).completes(2);
    run.keyed("once", "k", 1_900).runs(1_901).completes(1_902);
    assertOnly(twins(), Kind.TWIN);
  }

  @Test
  void whoeverIsRefusedWithoutATwinIsLost() {
    String id = run.keyed("sole", "k", 0).runs(1).completes(2).id;
    run.refused("sole", "k", 5, id);
    assertOnly(twins(), Kind.LOST);
  }

  private void schedules() {
    for (JobSchedule schedule : run.catalog.schedules()) {
      run.schedules.add(
          new ScheduleState(
              schedule,
              Origin.CATALOG,
              false,
              "catalog",
              at(-1_000),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              0,
              Optional.empty()));
    }
  }

  private void fire(String name, long... minutes) {
    for (long minute : minutes) {
      run.fired(name, minute * 60_000);
    }
  }

  @Test
  void eachTimeHasAJob() {
    schedules();
    fire("all_missed", 0, 1, 2);
    fire("one_missed", 0, 1, 2);
    fire("none_missed", 0, 1, 2);
    assertNone(calendar(150_000, List.of()));
  }

  @Test
  void aTimeWithoutAJobIsFound() {
    schedules();
    fire("all_missed", 0, 1, 2);
    fire("one_missed", 0, 1, 2);
    fire("none_missed", 0, 2);
    assertOnly(calendar(150_000, List.of()), Kind.CALENDAR);
    assertNone(calendar(150_000, List.of(new Calendar.Outage(at(59_000), at(121_000)))));
  }

  @Test
  void aTimeWithTwoJobsIsFound() {
    schedules();
    fire("all_missed", 0, 1, 1);
    fire("one_missed", 0, 1);
    fire("none_missed", 0, 1);
    assertOnly(calendar(90_000, List.of()), Kind.CALENDAR);
  }

  @Test
  void aJobOfNoTimeIsFound() {
    schedules();
    fire("all_missed", 0);
    fire("one_missed", 0);
    fire("none_missed", 0);
    run.fired("none_missed", 17_000);
    assertOnly(calendar(40_000, List.of()), Kind.CALENDAR);
  }
}
