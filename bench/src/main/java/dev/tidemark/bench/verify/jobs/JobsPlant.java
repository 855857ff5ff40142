package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.Place;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A defect that has to be noticed. It is planted from outside when the system has come to rest;
 * production code knows nothing of it.
 */
enum JobsPlant {
  /** A node promises a job and tells nobody. */
  SWALLOW(Kind.LOST) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) {
      asked.asks("swallowed");
      asked.accepted(
          new Asked.Accepted(
              new Place(7).id(UUID.randomUUID()), "swallowed", Instant.now(), System.nanoTime()));
    }
  },
  /** A job that has ended goes on although nobody has asked for that. */
  RISE(Kind.UNEXPECTED) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) throws InterruptedException {
      JobState ended =
          some(
              evidence,
              state ->
                  state.status() == Status.COMPLETED
                      && state.request().uniqueKey().isEmpty()
                      // Else a customer might have wanted that.
                      && asked.retriesOf(state.id()) == 0);
      say(system, evidence.home(ended.id()), new JobCommand.Retry(ended.id(), Instant.now()));
    }
  },
  /** A job that nobody has asked for. */
  INVENT(Kind.UNEXPECTED) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) throws InterruptedException {
      submit(system, evidence, "quick", "{\"nonce\":\"invented\"}", "user/nobody", Instant.now());
    }
  },
  /** A job ends a second time. */
  TWICE(Kind.DUPLICATED) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) throws InterruptedException {
      tell(system, some(evidence, state -> state.status() == Status.COMPLETED));
    }
  },
  /** What an earlier attempt of another worker said is taken. */
  STALE(Kind.STALE_ATTEMPT) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) throws InterruptedException {
      JobState done = some(evidence, state -> state.status() == Status.COMPLETED);
      asked.retries(done.id());
      tell(system, with(done, Status.RUNNING, done.attempt() + 1, Optional.of("zombie-1")));
      tell(system, with(done, Status.COMPLETED, done.attempt() + 1, Optional.empty()));
    }
  },
  /** A worker says that it is done and has done nothing. */
  LAZY(Kind.LOST) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) throws SQLException {
      JobState done = some(evidence, state -> state.status() == Status.COMPLETED);
      try (Connection connection = system.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("delete from verify.done where job = '" + done.id() + "'");
      }
    }
  },
  /** An attempt is made that nobody has ordered. */
  EAGER(Kind.UNEXPECTED) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) throws SQLException {
      JobState done = some(evidence, state -> state.status() == Status.COMPLETED);
      try (Connection connection = system.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "insert into verify.effects (run, job, attempt, worker) values ('plant', '%s', 99, 'nobody')"
                .formatted(done.id()));
      }
    }
  },
  /** An attempt that was handed back counts as failed. */
  BURN(Kind.BURNED) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) throws InterruptedException {
      JobState done = some(evidence, state -> state.status() == Status.COMPLETED);
      asked.retries(done.id());
      tell(system, with(done, Status.RUNNING, done.attempt() + 1, Optional.of("zombie-1")));
      tell(system, with(done, Status.FAILED, done.attempt() + 1, Optional.empty()));
    }
  },
  /** A time of a schedule has no job: the rule by which the run is judged has one more. */
  // Before the next: its job would make up for one that is missing.
  MISS(Kind.CALENDAR) {
    @Override
    Evidence judged(Evidence evidence) {
      return evidence.withoutJobsOf("schedule/all_missed");
    }
  },
  /** A time of a schedule has a second job. */
  FIRE_TWICE(Kind.CALENDAR) {
    @Override
    void plant(JobsSystem system, Evidence evidence, Asked asked) throws InterruptedException {
      Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES).plusSeconds(1);
      submit(system, evidence, "minute", "{}", "schedule/all_missed", minute);
    }
  },
  /** Limits are not kept: those by which the run is judged are tighter than the nodes know. */
  LAX(Kind.LIMIT) {
    @Override
    Evidence judged(Evidence evidence) {
      return evidence.judgedBy(tighter(evidence.catalog()));
    }
  },
  /** Jobs that count as the same live at once: by the rule of judgement more count as the same. */
  TWINS(Kind.TWIN) {
    @Override
    Evidence judged(Evidence evidence) {
      return evidence.judgedBy(tighter(evidence.catalog()));
    }
  };

  private final Kind finding;

  JobsPlant(Kind finding) {
    this.finding = finding;
  }

  /** Plants it. */
  void plant(JobsSystem system, Evidence evidence, Asked asked)
      throws SQLException, InterruptedException {
    // Only the judgement.
  }

  /** What is judged, where it is not what there is. */
  Evidence judged(Evidence evidence) {
    return evidence;
  }

  /** Whether more is found than before. */
  boolean caught(Findings before, Findings after) {
    return after.count(finding) > before.count(finding);
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static JobsPlant parse(String text) {
    return valueOf(text.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The last of those that are in that state. */
  private static JobState some(Evidence evidence, Predicate<JobState> which) {
    return evidence.lives().keySet().stream()
        .map(evidence::life)
        .filter(life -> !life.isEmpty() && which.test(life.getLast()))
        .map(List::getLast)
        .reduce((_, later) -> later)
        .orElseThrow(() -> new IllegalStateException("there is no such job to plant a defect in"));
  }

  private static JobState with(
      JobState state, Status status, int attempt, Optional<String> worker) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new JobState(
        state.id(),
        state.request(),
        status,
        now,
        state.due(),
        attempt,
        state.allowed(),
        Optional.of(now),
        worker,
        false,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        state.result(),
        Optional.empty());
  }

  private static void tell(JobsSystem system, JobState state) throws InterruptedException {
    send(
        system,
        new ProducerRecord<>(
            Topics.JOB.name(),
            state.id(),
            Topics.JOB.valueSerde().serializer().serialize(Topics.JOB.name(), state)));
  }

  private static void say(JobsSystem system, int partition, JobCommand command)
      throws InterruptedException {
    send(
        system,
        new ProducerRecord<>(
            Topics.JOB_COMMAND.name(),
            partition,
            command.key(),
            Topics.JOB_COMMAND
                .valueSerde()
                .serializer()
                .serialize(Topics.JOB_COMMAND.name(), command)));
  }

  private static void submit(
      JobsSystem system, Evidence evidence, String name, String input, String by, Instant due)
      throws InterruptedException {
    JobType type = evidence.catalog().type(name).orElseThrow();
    UUID random = UUID.randomUUID();
    Place place = Place.of(evidence.catalog(), type, Optional.empty(), Optional.empty(), random);
    say(
        system,
        place.partition(evidence.partitions()),
        new JobCommand.Submit(
            place.id(random),
            new JobRequest(
                name,
                type.queue(),
                type.priority(),
                Optional.empty(),
                Optional.empty(),
                input,
                by,
                Instant.now()),
            due));
  }

  private static void send(JobsSystem system, ProducerRecord<String, byte[]> record)
      throws InterruptedException {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", system.kafka()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the record could not be forged", e);
    }
  }

  private static JobCatalog tighter(JobCatalog catalog) {
    return new JobCatalog(
        catalog.queues().stream().map(JobsPlant::tighter).toList(),
        catalog.types().stream().map(JobsPlant::tighter).toList(),
        catalog.schedules());
  }

  private static JobQueue tighter(JobQueue queue) {
    return new JobQueue(
        queue.name(), queue.description(), queue.weight(), 1, queue.ttl(), queue.pace());
  }

  private static JobType tighter(JobType type) {
    return new JobType(
        type.name(),
        type.description(),
        type.queue(),
        type.priority(),
        type.soft(),
        type.hard(),
        type.attempts(),
        type.backoff(),
        type.pace().map(pace -> new Pace(1, pace.per())),
        type.perKey().isPresent() ? OptionalInt.of(1) : OptionalInt.empty(),
        type.unique().map(_ -> new Uniqueness(Optional.of(Duration.ofHours(1)))),
        type.keeping(),
        type.routes());
  }
}
