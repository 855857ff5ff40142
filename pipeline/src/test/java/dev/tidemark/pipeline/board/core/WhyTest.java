package dev.tidemark.pipeline.board.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Failure;
import dev.tidemark.contract.job.JobState.Hold;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.pipeline.board.core.Why.Code;
import dev.tidemark.pipeline.board.core.Why.Facts;
import dev.tidemark.pipeline.board.core.Why.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WhyTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Facts FREE = new Facts(Optional.empty(), 0, 0, 1, 4, 0, 0, false);
  private static final JobQueue QUEUE =
      new JobQueue("shop", "", 1, 20, Duration.ofHours(1), Optional.empty());
  private static final JobType TYPE =
      new JobType(
          "sync",
          "",
          "shop",
          5,
          JobType.SOFT,
          JobType.HARD,
          4,
          Backoff.DEFAULT,
          Optional.of(new Pace(10, Duration.ofMinutes(1))),
          OptionalInt.of(1),
          Optional.empty(),
          JobType.Keeping.DEFAULT,
          List.of());

  @Test
  void aJobThatNothingHoldsIsNext() {
    assertThat(codes(job(Status.READY, NOW, Optional.empty(), List.of()), FREE))
        .containsExactly(Code.NEXT);
  }

  @Test
  void everyThingThatHoldsItIsTold() {
    JobState ready = job(Status.READY, NOW, Optional.of(Hold.WORKER), List.of());
    Facts held = new Facts(Optional.of("ann"), 20, 1, 2, 8, 8, 1_234, true);
    List<Reason> reasons = Why.of(ready, TYPE, QUEUE, held, NOW);
    assertThat(reasons)
        .extracting(Reason::text)
        .containsExactly(
            "The queue shop is paused by ann.",
            "All that do sync are busy: 8 of 8 slots of 2 workers are taken.",
            "1 of at most 1 jobs with the key 'shop 1' run.",
            "20 of at most 20 jobs of the queue shop run.",
            "It stands behind at least 1,234 others in the queue shop.");
    assertThat(codes(job(Status.READY, NOW, Optional.of(Hold.PACE), List.of()), FREE))
        .containsExactly(Code.TYPE_RATE);
    Facts alone = new Facts(Optional.empty(), 0, 0, 0, 0, 0, 0, false);
    assertThat(codes(job(Status.READY, NOW, Optional.empty(), List.of()), alone))
        .containsExactly(Code.NO_WORKER);
  }

  @Test
  void whatIsLaterSaysWhen() {
    Instant due = NOW.plus(Duration.ofMinutes(90)).plusSeconds(5);
    assertThat(texts(job(Status.SCHEDULED, due, Optional.empty(), List.of())))
        .containsExactly("It is due at 2026-06-01T13:30:05Z, in 1 h 30 min.");
    Failure failure = new Failure(1, "error", "no", NOW, Optional.of(NOW), Optional.of("worker-1"));
    assertThat(
            texts(job(Status.SCHEDULED, NOW.plusMillis(500), Optional.empty(), List.of(failure))))
        .containsExactly(
            "Attempt 1 of 4 failed; the next is due at 2026-06-01T12:00:00.500Z, in 500 ms.");
  }

  @Test
  void whatEndedOrRunsSaysSo() {
    for (Status status : Status.values()) {
      if (status.ended()) {
        assertThat(codes(job(status, NOW, Optional.empty(), List.of()), FREE))
            .containsExactly(Code.ENDED);
      }
    }
    assertThat(codes(job(Status.RUNNING, NOW, Optional.empty(), List.of()), FREE))
        .containsExactly(Code.RUNNING);
    assertThat(Why.of(job(Status.READY, NOW, Optional.empty(), List.of()), null, QUEUE, FREE, NOW))
        .extracting(Reason::code)
        .containsExactly(Code.UNKNOWN_TYPE);
  }

  @Test
  void failuresThatDifferInNumbersAreAlike() {
    assertThat(fingerprint("row 17 of 'Müller' at 10.0.0.1:8080 timed out after 3.5 s"))
        .isEqualTo(fingerprint("row 4711 of 'Meier' at 10.0.0.2:9090 timed out after 12 s"))
        .isNotEqualTo(fingerprint("row 17 was refused"))
        .isNotEqualTo(Fingerprint.NONE);
    assertThat(Fingerprint.of(job(Status.COMPLETED, NOW, Optional.empty(), List.of())))
        .isEqualTo(Fingerprint.NONE);
    Fingerprint one = fingerprint("x");
    assertThat(Fingerprint.parse(one.text())).contains(one);
    assertThat(Fingerprint.parse("xyz")).isEmpty();
  }

  private static Fingerprint fingerprint(String error) {
    Failure failure = new Failure(1, "error", error, NOW, Optional.empty(), Optional.empty());
    return Fingerprint.of(job(Status.FAILED, NOW, Optional.empty(), List.of(failure)));
  }

  private static List<Code> codes(JobState job, Facts facts) {
    return Why.of(job, TYPE, QUEUE, facts, NOW).stream().map(Reason::code).toList();
  }

  private static List<String> texts(JobState job) {
    return Why.of(job, TYPE, QUEUE, FREE, NOW).stream().map(Reason::text).toList();
  }

  private static JobState job(
      Status status, Instant due, Optional<Hold> hold, List<Failure> failures) {
    return new JobState(
        "0001-018f3c1e-7b1a-4c7e-9d7e-3a1f2b4c5d6e",
        new JobRequest(
            "sync", "shop", 5, Optional.of("shop 1"), Optional.empty(), "{}", "ann", NOW),
        status,
        NOW,
        due,
        failures.size(),
        4,
        Optional.empty(),
        status == Status.RUNNING ? Optional.of("worker-1") : Optional.empty(),
        false,
        hold,
        Optional.empty(),
        failures,
        Optional.empty(),
        Optional.empty());
  }
}
