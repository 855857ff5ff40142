package dev.tidemark.bench.verify.jobs;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Failure;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A run that is made up. Times are milliseconds after noon. */
final class StagedJobs {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final String WORKER = "worker1.1-a";

  final Asked asked = new Asked();
  final Map<String, List<Told<JobState>>> lives = new LinkedHashMap<>();
  final Map<String, List<Told<JobCommand>>> commands = new LinkedHashMap<>();
  final List<Told<JobCommand>> toQueues = new ArrayList<>();
  final List<QueueState> queues = new ArrayList<>();
  final List<ScheduleState> schedules = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();
  final Set<String> done = new HashSet<>();
  final JobCatalog catalog = Errands.jobs();
  private long number;

  /** A job in the making. */
  final class Staged {
    final String id = new Place(4).id(new UUID(7, ++number));
    private final JobRequest request;
    private final Instant due;
    private int attempt;
    private int allowed;
    private Optional<Instant> begun = Optional.empty();
    private Optional<String> worker = Optional.empty();
    private final List<Failure> failures = new ArrayList<>();
    private Optional<String> result = Optional.empty();

    private Staged(String type, Optional<String> key, String by, long at) {
      boolean ofSchedule = by.startsWith("schedule/");
      String nonce = "n" + number;
      request =
          new JobRequest(
              type,
              catalog.type(type).orElseThrow().queue(),
              5,
              key,
              key,
              ofSchedule ? "{}" : "{\"nonce\":\"" + nonce + "\"}",
              by,
              at(at));
      due = at(at);
      allowed = catalog.type(type).orElseThrow().attempts();
      if (!ofSchedule) {
        asked.asks(nonce);
        asked.accepted(new Asked.Accepted(id, nonce, due, 0));
      }
      say(new JobCommand.Submit(id, request, due));
    }

    Staged say(JobCommand command) {
      commands
          .computeIfAbsent(id, _ -> new ArrayList<>())
          .add(new Told<>(0, number++, NOON, command));
      return this;
    }

    Staged told(Status status, long at) {
      return told(status, at, Optional.empty());
    }

    Staged told(Status status, long at, Optional<String> sameAs) {
      lives
          .computeIfAbsent(id, _ -> new ArrayList<>())
          .add(
              new Told<>(
                  0,
                  number++,
                  at(at),
                  new JobState(
                      id,
                      request,
                      status,
                      at(at),
                      due,
                      attempt,
                      allowed,
                      begun,
                      status == Status.RUNNING ? worker : Optional.empty(),
                      false,
                      Optional.empty(),
                      Optional.empty(),
                      failures,
                      result,
                      sameAs)));
      return this;
    }

    /** An attempt begins, and writes that down. */
    Staged runs(long at) {
      attempt++;
      begun = Optional.of(at(at));
      worker = Optional.of(WORKER);
      told(Status.RUNNING, at);
      effects.add(
          new Effect("run-" + number++, id, attempt, "worker1.1", at(at), Optional.empty()));
      return this;
    }

    /** It is done by whoever is named. */
    Staged completes(long at, int byAttempt, String byWorker) {
      Effect effect = effects.removeLast();
      effects.add(
          new Effect(
              effect.run(), id, attempt, effect.worker(), effect.begunAt(), Optional.of(at(at))));
      done.add(id);
      say(new JobCommand.Succeeded(id, byAttempt, WORKER, Optional.empty()));
      result = Optional.of("{\"attempt\":" + byAttempt + ",\"worker\":\"" + byWorker + "\"}");
      return told(Status.COMPLETED, at);
    }

    Staged completes(long at) {
      return completes(at, attempt, "worker1.1");
    }

    /** Its attempt fails; whether it is tried again the caller says. */
    Staged fails(long at, Status next) {
      say(new JobCommand.Failed(id, attempt, WORKER, "no", false));
      failures.add(new Failure(attempt, "error", "no", at(at), begun, worker));
      return told(next, at);
    }

    /** Its attempt is handed back. */
    Staged handedBack(long at, int more) {
      say(new JobCommand.HandedBack(id, attempt, WORKER));
      allowed += more;
      return told(Status.READY, at);
    }
  }

  static Instant at(long millis) {
    return NOON.plusMillis(millis);
  }

  Staged job(String type, long at) {
    return new Staged(type, Optional.empty(), "user/operator", at).told(Status.READY, at);
  }

  Staged keyed(String type, String key, long at) {
    return new Staged(type, Optional.of(key), "user/operator", at).told(Status.READY, at);
  }

  Staged refused(String type, String key, long at, String sameAs) {
    return new Staged(type, Optional.of(key), "user/operator", at)
        .told(Status.REFUSED, at, Optional.of(sameAs));
  }

  Staged fired(String schedule, long at) {
    return new Staged("minute", Optional.empty(), "schedule/" + schedule, at)
        .told(Status.READY, at);
  }

  Evidence evidence(long end) {
    return new Evidence(
        catalog, 4, asked, lives, commands, Map.of(), toQueues, queues, schedules, effects, done,
        at(end));
  }
}
