package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Status;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One run: customers ask, faults happen, and in the end everything has to add up. */
final class JobsRun implements AutoCloseable {
  /** How long after the last fault a job that was accepted before may not have ended. */
  static final Duration STALL = Duration.ofSeconds(90);

  private static final Duration WITHOUT_FAULTS = Duration.ofSeconds(10);

  /** More than a minute: a time of a schedule may have to pass. */
  private static final Duration NOTICED = Duration.ofSeconds(90);

  private static final Duration LATECOMERS = Duration.ofSeconds(1);
  private static final int FEW_JOBS = 20;
  private static final int CUSTOMERS = 5;

  private final JobsPlan plan;
  private final Consumer<String> out;
  private final Random random;
  private final JobsSystem system;
  private final JobsFaults faults;
  private final Asked asked = new Asked();
  private final Customers customers;
  private final List<Duration> recoveries = new ArrayList<>();
  private final List<Calendar.Outage> outages = new ArrayList<>();
  private final List<String> stalls = new ArrayList<>();
  private @Nullable Chronicle chronicle;
  private int done;

  JobsRun(JobsPlan plan, Path directory, Consumer<String> out) {
    this.plan = plan;
    this.out = out;
    this.random = new Random(plan.seed());
    this.system = new JobsSystem(directory, plan.workers());
    this.faults = new JobsFaults(system, random, worker -> chronicle().isBusy(worker));
    this.customers = new Customers(system, asked, plan.seed());
  }

  /** Has everything happen; returns when it has come to rest. */
  void happen() throws SQLException, InterruptedException {
    system.start();
    chronicle = new Chronicle(system.kafka());
    out.accept("everything runs");
    customers.start(CUSTOMERS);
    await(STALL, () -> asked.count() >= FEW_JOBS);
    List<JobsFault> order = order();
    while (done < plan.rounds() && stalls.isEmpty() && asked.troubles().isEmpty()) {
      round(done + 1, order.get(done));
      done++;
    }
    if (plan.rounds() == 0) {
      Thread.sleep(WITHOUT_FAULTS);
    }
    revive();
    system.awaitReady();
    customers.finish();
    for (int i = 0; i < system.workerCount(); i++) {
      system.setClock(i, 0);
    }
    if (!await(STALL, this::isAtRest)) {
      stalls.add("jobs are on their way when all is over");
    }
    Thread.sleep(LATECOMERS);
  }

  private Chronicle chronicle() {
    Chronicle known = chronicle;
    if (known == null) {
      throw new IllegalStateException("nothing has happened");
    }
    return known;
  }

  /** Every kind comes before one comes again. */
  private List<JobsFault> order() {
    List<JobsFault> order = new ArrayList<>();
    while (order.size() < plan.rounds()) {
      List<JobsFault> each = new ArrayList<>(plan.faults());
      Collections.shuffle(each, random);
      order.addAll(each);
    }
    return order;
  }

  private void round(int number, JobsFault fault) throws InterruptedException {
    Thread.sleep(500 + random.nextInt(1_500));
    Instant begun = Instant.now();
    String what = faults.inflict(fault);
    long over = System.nanoTime();
    List<String> before =
        asked.accepted().stream()
            .filter(job -> job.due().isBefore(Instant.now().plus(Lives.FAR)))
            .map(Asked.Accepted::id)
            .toList();
    boolean settled = await(STALL, () -> before.stream().allMatch(this::hasEnded));
    Duration recovery = Duration.ofNanos(System.nanoTime() - over);
    outages.add(new Calendar.Outage(begun, Instant.now()));
    if (settled) {
      recoveries.add(recovery);
    } else {
      system.dumpThreads();
      stalls.add(
          "round %d, %s: not ended %d s later: %s"
              .formatted(
                  number,
                  what,
                  STALL.toSeconds(),
                  before.stream().filter(id -> !hasEnded(id)).limit(5).toList()));
    }
    out.accept(
        "round %2d  %-44s  %s, %,d jobs"
            .formatted(
                number,
                what,
                settled ? "settled after " + JobsVerdict.seconds(recovery) : "never settled",
                asked.count()));
  }

  private boolean hasEnded(String id) {
    return chronicle().hasEnded(id) || chronicle().last(id).filter(this::isFar).isPresent();
  }

  private boolean isFar(JobState job) {
    return job.status() == Status.SCHEDULED && job.due().isAfter(Instant.now().plus(Lives.FAR));
  }

  private boolean isAtRest() {
    Set<String> all = new HashSet<>(chronicle().jobs());
    asked.accepted().forEach(job -> all.add(job.id()));
    Predicate<JobState> rests = job -> job.status().ended() || isFar(job);
    return all.stream().allMatch(id -> chronicle().last(id).filter(rests).isPresent());
  }

  private interface Condition {
    boolean holds();
  }

  private boolean await(Duration atMost, Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      revive();
      Thread.sleep(50);
    }
    return true;
  }

  private void revive() {
    system
        .revive()
        .forEach(what -> out.accept("          " + what + " ended and is started again"));
  }

  /** Whether a defect is found that is planted now. */
  boolean notices(JobsPlant plant) throws SQLException, InterruptedException {
    Findings before = judge(Optional.empty()).findings();
    plant.plant(system, evidence(), asked);
    long deadline = System.nanoTime() + NOTICED.toNanos();
    while (System.nanoTime() < deadline) {
      Findings after = judge(Optional.of(plant)).findings();
      if (plant.caught(before, after)) {
        return true;
      }
      Thread.sleep(100);
    }
    return false;
  }

  private Evidence evidence() throws SQLException, InterruptedException {
    Instant end = Instant.now();
    chronicle().catchUp();
    List<Effect> effects = new ArrayList<>();
    Set<String> took = new HashSet<>();
    try (Connection connection = system.connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery(
              "select run, job, attempt, worker, begun_at, ended_at from verify.effects order by begun_at")) {
        while (rows.next()) {
          Timestamp ended = rows.getTimestamp("ended_at");
          effects.add(
              new Effect(
                  rows.getString("run"),
                  rows.getString("job"),
                  rows.getInt("attempt"),
                  rows.getString("worker"),
                  rows.getTimestamp("begun_at").toInstant(),
                  Optional.ofNullable(ended).map(Timestamp::toInstant)));
        }
      }
      try (ResultSet rows = statement.executeQuery("select job from verify.done")) {
        while (rows.next()) {
          took.add(rows.getString(1));
        }
      }
    }
    return chronicle().evidence(Errands.jobs(), JobsSystem.PARTITIONS, asked, effects, took, end);
  }

  /** Holds everything against everything. */
  JobsVerdict judge(Optional<JobsPlant> plant) throws SQLException, InterruptedException {
    Evidence evidence = evidence();
    Evidence judged = plant.map(one -> one.judged(evidence)).orElse(evidence);
    Findings findings = new Findings();
    stalls.forEach(stall -> findings.add(Kind.UNSETTLED, stall));
    Lives.check(judged, findings);
    Deeds.check(judged, findings);
    Limits.check(judged, findings);
    Twins.check(judged, findings);
    Calendar.check(judged, outages, findings);
    new Answers(customers.doors(), system.tokens().operator()).check(judged, findings);
    List<String> troubles = new ArrayList<>(asked.troubles());
    if (asked.count() < plan.leastJobs()) {
      troubles.add(
          "only %,d jobs were accepted, %,d are needed to prove anything"
              .formatted(asked.count(), plan.leastJobs()));
    }
    return new JobsVerdict(
        done,
        plan.seed(),
        asked.count(),
        said(evidence),
        findings,
        recoveries,
        Rescues.of(evidence, faults.kills()),
        troubles);
  }

  private String said(Evidence evidence) {
    Map<Status, Integer> ends = new TreeMap<>();
    Map<String, Integer> failures = new TreeMap<>();
    int attempts = 0;
    for (String id : evidence.lives().keySet()) {
      List<JobState> life = evidence.life(id);
      attempts += Attempts.of(life).size();
      if (!life.isEmpty()) {
        ends.merge(life.getLast().status(), 1, Integer::sum);
        life.getLast().failures().forEach(one -> failures.merge(one.reason(), 1, Integer::sum));
      }
    }
    return "requests %,d  attempts %,d  effects %,d  outcomes of others not taken %,d  handed back %,d  ended %s  failures %s"
        .formatted(
            customers.requests(),
            attempts,
            evidence.effects().size(),
            notTaken(evidence),
            said(evidence, JobCommand.HandedBack.class),
            ends,
            failures);
  }

  private static long said(Evidence evidence, Class<? extends JobCommand> what) {
    return evidence.commands().keySet().stream()
        .flatMap(id -> evidence.said(id).stream())
        .filter(what::isInstance)
        .count();
  }

  /** What was said of attempts that had been given up: without such words little is proven. */
  private static int notTaken(Evidence evidence) {
    int count = 0;
    for (String id : evidence.lives().keySet()) {
      Set<Integer> own = new HashSet<>();
      for (Attempts.Made made : Attempts.of(evidence.life(id))) {
        boolean lost =
            made.next()
                .filter(next -> !next.failures().isEmpty())
                .map(next -> next.failures().getLast())
                .filter(failure -> failure.attempt() == made.number())
                .filter(failure -> !failure.reason().endsWith("error"))
                .isPresent();
        if (lost) {
          own.add(made.number());
        }
      }
      for (JobCommand command : evidence.said(id)) {
        if (isOutcome(command) && own.contains(((JobCommand.OfAttempt) command).attempt())) {
          count++;
        }
      }
    }
    return count;
  }

  private static boolean isOutcome(JobCommand command) {
    return command instanceof JobCommand.Succeeded
        || command instanceof JobCommand.Failed
        || command instanceof JobCommand.HandedBack;
  }

  @Override
  public void close() {
    customers.close();
    Chronicle known = chronicle;
    if (known != null) {
      known.close();
    }
    system.close();
  }
}
