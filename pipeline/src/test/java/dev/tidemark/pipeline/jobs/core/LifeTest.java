package dev.tidemark.pipeline.jobs.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.pipeline.jobs.core.Job.Failure;
import dev.tidemark.pipeline.jobs.core.Job.Lease;
import dev.tidemark.pipeline.jobs.core.Job.Progress;
import dev.tidemark.pipeline.jobs.core.Job.Reason;
import dev.tidemark.pipeline.jobs.core.Job.Status;
import dev.tidemark.pipeline.jobs.core.Step.Demand;
import dev.tidemark.pipeline.jobs.core.Step.Refused;
import dev.tidemark.pipeline.jobs.core.Step.Signal;
import dev.tidemark.pipeline.jobs.core.Step.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifeTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final Duration SOFT = Duration.ofSeconds(20);
  private static final Duration HARD = Duration.ofSeconds(30);
  private static final String WORKER = "worker-1";
  private static final Life LIFE =
      new Life(
          new JobType(
              "work",
              "",
              "queue",
              JobType.PRIORITY,
              SOFT,
              HARD,
              3,
              new Backoff(Duration.ofMinutes(1), 2, Duration.ofHours(1), 0),
              Optional.empty(),
              OptionalInt.empty(),
              Optional.empty(),
              new Keeping(Duration.ofHours(1), Duration.ofDays(7)),
              List.of()),
          new JobQueue("queue", "", 1, 100, TTL, Optional.empty()));

  @Test
  void aJobIsReadyWhenItIsDue() {
    assertThat(submitted(NOW).status()).isEqualTo(Status.READY);
    Job later = submitted(NOW.plusSeconds(60));
    assertThat(later.status()).isEqualTo(Status.SCHEDULED);
    assertThat(LIFE.wakeAt(later)).isEqualTo(NOW.plusSeconds(60));
    assertThat(LIFE.wake(later, NOW.plusSeconds(59), 0.5)).isInstanceOf(Refused.class);
    Job ready = taken(LIFE.wake(later, NOW.plusSeconds(61), 0.5));
    assertThat(ready.status()).isEqualTo(Status.READY);
    assertThat(ready.since()).as("late is late, and not its fault").isEqualTo(later.due());
  }

  @Test
  void whoBeginsItWorksOnIt() {
    Job running = running(submitted(NOW), NOW.plusSeconds(1));
    assertThat(running.status()).isEqualTo(Status.RUNNING);
    assertThat(running.attempt()).isEqualTo(1);
    assertThat(LIFE.begin(running, "another", NOW.plusSeconds(1))).isInstanceOf(Refused.class);
    Job done = taken(LIFE.succeed(running, 1, WORKER, Optional.of("{}"), NOW.plusSeconds(2)));
    assertThat(done.status()).isEqualTo(Status.COMPLETED);
    assertThat(done.result()).contains("{}");
    assertThat(LIFE.isForgotten(done, NOW.plusSeconds(3_601))).isFalse();
    assertThat(LIFE.isForgotten(done, NOW.plusSeconds(3_602))).isTrue();
  }

  @Test
  void aJobThatNobodyBeginsInTimeFails() {
    Job failed = taken(LIFE.wake(submitted(NOW), NOW.plus(TTL), 0.5));
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.failures()).extracting(Failure::reason).containsExactly(Reason.NOT_BEGUN);
  }

  @Test
  void whatFailsIsTriedAgainAsOftenAsItMay() {
    Job job = running(submitted(NOW), NOW);
    job = taken(LIFE.fail(job, 1, WORKER, "no", false, NOW, 0.5));
    assertThat(job.status()).isEqualTo(Status.SCHEDULED);
    assertThat(job.due()).isEqualTo(NOW.plusSeconds(60));
    job = running(taken(LIFE.wake(job, job.due(), 0.5)), job.due());
    job = taken(LIFE.fail(job, 2, WORKER, "no", false, job.due(), 0.5));
    assertThat(job.due()).isEqualTo(NOW.plusSeconds(180));
    job = running(taken(LIFE.wake(job, job.due(), 0.5)), job.due());
    job = taken(LIFE.fail(job, 3, WORKER, "no", false, job.due(), 0.5));
    assertThat(job.status()).isEqualTo(Status.FAILED);
    assertThat(job.failures()).extracting(Failure::attempt).containsExactly(1, 2, 3);
    Job again = taken(LIFE.retry(job, NOW, NOW.plusSeconds(500)));
    assertThat(again.status()).isEqualTo(Status.READY);
    assertThat(again.allowed()).isEqualTo(6);
  }

  @Test
  void aFinalErrorIsFinal() {
    Job running = running(submitted(NOW), NOW);
    Job failed = taken(LIFE.fail(running, 1, WORKER, "no such shop", true, NOW, 0.5));
    assertThat(failed.status()).isEqualTo(Status.FAILED);
  }

  @Test
  void aDeadWorkersJobIsReadyAtOnce() {
    Taken step = (Taken) LIFE.lost(running(submitted(NOW), NOW), "it is dead", NOW.plusSeconds(4));
    assertThat(step.job().status()).isEqualTo(Status.READY);
    assertThat(step.signal()).contains(new Signal(WORKER, 1, Demand.ABANDON));
    assertThat(LIFE.succeed(step.job(), 1, WORKER, Optional.empty(), NOW.plusSeconds(4)))
        .as("it was not dead, but too late")
        .isInstanceOf(Refused.class);
  }

  @Test
  void atTheSoftLimitItIsAskedToEndAndAtTheHardLimitItHasFailed() {
    Job job = running(submitted(NOW), NOW);
    assertThat(LIFE.wakeAt(job)).isEqualTo(NOW.plus(SOFT));
    Taken asked = (Taken) LIFE.wake(job, NOW.plus(SOFT), 0.5);
    assertThat(asked.signal()).contains(new Signal(WORKER, 1, Demand.END));
    job = asked.job();
    assertThat(LIFE.wakeAt(job)).isEqualTo(NOW.plus(HARD));
    Taken ended = (Taken) LIFE.wake(job, NOW.plus(HARD), 0.5);
    assertThat(ended.signal()).contains(new Signal(WORKER, 1, Demand.ABANDON));
    assertThat(ended.job().status()).isEqualTo(Status.SCHEDULED);
    assertThat(ended.job().failures())
        .extracting(Failure::reason)
        .containsExactly(Reason.HARD_LIMIT);
  }

  @Test
  void onlyWhoWorksOnItSaysHowFarItIs() {
    Job job = running(submitted(NOW), NOW);
    Progress half = new Progress(50, "half");
    assertThat(taken(LIFE.progress(job, 1, WORKER, half)).progress()).contains(half);
    assertThat(LIFE.progress(job, 2, WORKER, half)).isInstanceOf(Refused.class);
    assertThat(LIFE.progress(job, 1, "another", half)).isInstanceOf(Refused.class);
  }

  @Test
  void whatIsHandedBackCostsNoAttemptAndKeepsItsPlace() {
    Job running = running(submitted(NOW), NOW.plusSeconds(5));
    Job back = taken(LIFE.handBack(running, 1, WORKER, NOW.plusSeconds(9)));
    assertThat(back.status()).isEqualTo(Status.READY);
    assertThat(back.due()).isEqualTo(NOW);
    assertThat(back.since()).isEqualTo(NOW.plusSeconds(9));
    assertThat(back.allowed() - back.attempt()).isEqualTo(3);
    assertThat(back.failures()).isEmpty();
  }

  @Test
  void cancellingEndsWhatNobodyWorksOnAndAsksWhoDoes() {
    assertThat(taken(LIFE.cancel(submitted(NOW), NOW)).status()).isEqualTo(Status.CANCELLED);
    Taken asked = (Taken) LIFE.cancel(running(submitted(NOW), NOW), NOW);
    assertThat(asked.signal()).contains(new Signal(WORKER, 1, Demand.CANCEL));
    assertThat(asked.job().status()).isEqualTo(Status.RUNNING);
    assertThat(LIFE.cancel(asked.job(), NOW)).isInstanceOf(Refused.class);
    assertThat(taken(LIFE.fail(asked.job(), 1, WORKER, "stopped", false, NOW, 0.5)).status())
        .isEqualTo(Status.CANCELLED);
    assertThat(taken(LIFE.lost(asked.job(), "dead", NOW)).status()).isEqualTo(Status.CANCELLED);
    assertThat(taken(LIFE.succeed(asked.job(), 1, WORKER, Optional.empty(), NOW)).status())
        .as("it was quicker")
        .isEqualTo(Status.COMPLETED);
  }

  @Test
  void whatHasNotBegunCanBePutOffAndBroughtForward() {
    Job later = taken(LIFE.reschedule(submitted(NOW), NOW.plusSeconds(60), NOW));
    assertThat(later.status()).isEqualTo(Status.SCHEDULED);
    assertThat(taken(LIFE.reschedule(later, NOW.minusSeconds(5), NOW)).status())
        .isEqualTo(Status.READY);
    assertThat(LIFE.reschedule(running(submitted(NOW), NOW), NOW, NOW))
        .isEqualTo(new Refused("somebody works on it"));
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
  void whatHasEndedStaysSoUnlessItIsWantedOnceMore(Status end) {
    Job job =
        switch (end) {
          case COMPLETED ->
              taken(LIFE.succeed(running(submitted(NOW), NOW), 1, WORKER, Optional.empty(), NOW));
          case FAILED ->
              taken(LIFE.fail(running(submitted(NOW), NOW), 1, WORKER, "no", true, NOW, 0.5));
          default -> taken(LIFE.cancel(submitted(NOW), NOW));
        };
    assertThat(job.status()).isEqualTo(end);
    assertThat(LIFE.cancel(job, NOW)).isInstanceOf(Refused.class);
    assertThat(LIFE.begin(job, WORKER, NOW)).isInstanceOf(Refused.class);
    assertThat(LIFE.reschedule(job, NOW, NOW)).isEqualTo(new Refused("it has ended"));
    assertThat(LIFE.wake(job, NOW.plus(Duration.ofDays(30)), 0.5)).isInstanceOf(Refused.class);
    assertThat(taken(LIFE.retry(job, NOW, NOW)).status()).isEqualTo(Status.READY);
    Job later = taken(LIFE.retry(job, NOW.plusSeconds(9), NOW));
    assertThat(later.status()).isEqualTo(Status.SCHEDULED);
    assertThat(later.due()).isEqualTo(NOW.plusSeconds(9));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whateverHappensInWhateverOrderTheRulesHold(long seed) {
    Random random = new Random(seed);
    for (int life = 0; life < 200; life++) {
      Instant now = NOW;
      Job job = submitted(NOW.plusSeconds(random.nextInt(3) * 30L));
      int begun = 0;
      for (int i = 0; i < 60; i++) {
        Job before = job;
        boolean wanted = false;
        if (random.nextInt(3) == 0) {
          now = now.plusSeconds(random.nextInt(40));
        }
        Step step;
        switch (random.nextInt(11)) {
          case 0, 1, 2, 3 -> {
            step = LIFE.begin(job, WORKER, now);
            begun += step instanceof Taken ? 1 : 0;
          }
          case 4 ->
              step =
                  random.nextInt(3) == 0
                      ? LIFE.lost(job, "dead", now)
                      : LIFE.progress(
                          job,
                          attempt(job, random),
                          worker(random),
                          new Progress(random.nextInt(101), ""));
          case 5 ->
              step = LIFE.succeed(job, attempt(job, random), worker(random), Optional.of("1"), now);
          case 6 ->
              step =
                  LIFE.fail(
                      job,
                      attempt(job, random),
                      worker(random),
                      "no",
                      random.nextInt(5) == 0,
                      now,
                      random.nextDouble());
          case 7 -> step = LIFE.handBack(job, attempt(job, random), worker(random), now);
          case 8 -> step = random.nextInt(4) == 0 ? LIFE.cancel(job, now) : new Refused("not now");
          case 9 -> {
            step = random.nextInt(4) == 0 ? LIFE.retry(job, now, now) : new Refused("not now");
            wanted = step instanceof Taken;
          }
          default -> step = LIFE.wake(job, now, random.nextDouble());
        }
        Job changed = step.changed();
        if (changed == null) {
          continue;
        }
        job = changed;
        assertThat(job.attempt()).isEqualTo(begun);
        assertThat(before.status().ended() && !wanted).as("%s of %s", step, before).isFalse();
        assertThat(job.attempt()).isLessThanOrEqualTo(job.allowed());
        Lease lease = job.lease();
        if (lease != null) {
          assertThat(lease.soft()).isBeforeOrEqualTo(lease.hard());
        }
        if (before.cancelling() && !job.cancelling()) {
          assertThat(job.status()).isIn(Status.CANCELLED, Status.COMPLETED);
        }
      }
      assertThat(endedByTimeAlone(job, now)).as("nothing waits for ever").isTrue();
    }
  }

  private static boolean endedByTimeAlone(Job from, Instant at) {
    Job job = from;
    Instant now = at;
    for (int i = 0; i < 10 && !job.status().ended(); i++) {
      Instant next = LIFE.wakeAt(job);
      now = next.isAfter(now) ? next : now;
      job = taken(LIFE.wake(job, now, 0.5));
    }
    return job.status().ended();
  }

  private static int attempt(Job job, Random random) {
    return random.nextInt(4) == 0 ? job.attempt() - 1 + 2 * random.nextInt(2) : job.attempt();
  }

  private static String worker(Random random) {
    return random.nextInt(5) == 0 ? "another" : WORKER;
  }

  private static Job submitted(Instant due) {
    JobRequest request =
        new JobRequest(
            "work", "queue", 5, Optional.empty(), Optional.empty(), "{}", "somebody", NOW);
    return LIFE.submit("0000-id", request, due, NOW);
  }

  private static Job running(Job ready, Instant now) {
    return taken(LIFE.begin(ready, WORKER, now));
  }

  private static Job taken(Step step) {
    assertThat(step).isInstanceOf(Taken.class);
    return requireNonNull(step.changed(), "a job that has changed");
  }
}
