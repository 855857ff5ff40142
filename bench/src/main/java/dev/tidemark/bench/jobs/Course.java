package dev.tidemark.bench.jobs;

import dev.tidemark.bench.jobs.Figures.Accounts;
import dev.tidemark.bench.jobs.Figures.Load;
import dev.tidemark.bench.system.Latency;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each contestant has to do, in the same order. */
final class Course {
  private static final Logger LOG = LoggerFactory.getLogger(Course.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration ANOTHER_DAY = Duration.ofDays(30);
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final int PRELOADED_AT_ONCE = 10_000;
  private static final int HELD = 8;
  private static final int TRIES = 50;

  private final JobsBenchOptions options;
  private final Contestant contestant;
  private final Ledger ledger;
  private final Set<BenchJob> orphans = new HashSet<>();

  Course(JobsBenchOptions options, Contestant contestant) {
    this.options = options;
    this.contestant = contestant;
    this.ledger = contestant.ledger();
  }

  Figures run() throws Exception {
    contestant.start();
    say("has started");
    long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.warmUp);
    do {
      var _ = burst(Math.max(1, options.jobs / 4));
    } while (System.nanoTime() < warm);
    Load few = load();
    Optional<Double> death = death();
    double preload = preload();
    Load many = load();
    double restart = restart(false);
    double restartKilled = restart(true);
    return new Figures(few, many, preload, restart, restartKilled, death, accounts());
  }

  private void say(String what) {
    System.err.println(contestant.name() + " " + what);
  }

  private Load load() throws Exception {
    List<Double> rates = new ArrayList<>();
    Map<String, Duration> before = contestant.busy();
    for (int round = 0; round < options.rounds; round++) {
      rates.add(burst(options.jobs));
    }
    Map<String, Double> cost = new LinkedHashMap<>();
    contestant
        .busy()
        .forEach(
            (part, busy) ->
                cost.put(
                    part,
                    busy.minus(before.getOrDefault(part, Duration.ZERO)).toNanos()
                        / 1e3
                        / options.rounds
                        / options.jobs));
    double middle = rates.stream().sorted().toList().get(rates.size() / 2);
    say("does jobs a second: " + rates + " for µs each: " + cost);
    Latency started = started();
    say("begins them after ms: " + started);
    Latency late = late();
    say("is late by ms: " + late);
    return new Load(middle, started, late, cost);
  }

  /** Many at once; returns how many a second were done. */
  private double burst(int count) throws Exception {
    List<BenchJob> jobs = ledger.next(count);
    long submitted = System.nanoTime();
    contestant.submit(jobs);
    awaitBegan(jobs, 1);
    return count / ((contestant.awaitDone(jobs, PATIENCE) - submitted) / 1e9);
  }

  private void awaitBegan(List<BenchJob> jobs, int times)
      throws InterruptedException, TimeoutException {
    if (!ledger.awaitBegan(jobs, times, PATIENCE)) {
      long missing = jobs.stream().filter(job -> ledger.runs(job) < times).count();
      throw new TimeoutException(
          "%s did not begin %d of %d jobs".formatted(contestant.name(), missing, jobs.size()));
    }
  }

  /** One after the other, each at its time, whether others have begun or not. */
  private Latency started() throws Exception {
    int count = Math.max(1, options.rate * options.seconds);
    List<BenchJob> jobs = ledger.next(count);
    long[] submitted = new long[count];
    long first = System.nanoTime();
    for (int i = 0; i < count; i++) {
      sleepUntil(first + i * TimeUnit.SECONDS.toNanos(1) / options.rate);
      submitted[i] = System.nanoTime();
      contestant.submit(List.of(jobs.get(i)));
    }
    awaitBegan(jobs, 1);
    Histogram micros = histogram();
    for (int i = 0; i < count; i++) {
      record(micros, ledger.beganAt(jobs.get(i)) - submitted[i]);
    }
    var _ = contestant.awaitDone(jobs, PATIENCE);
    return Latency.of(micros);
  }

  private static void sleepUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** As many, submitted at once, due one after the other. */
  private Latency late() throws Exception {
    int count = Math.max(1, options.rate * options.seconds);
    Instant now = Instant.now();
    long nanos = System.nanoTime();
    List<BenchJob> jobs = new ArrayList<>(count);
    long[] due = new long[count];
    for (int i = 0; i < count; i++) {
      // Submitting so many must be over when the first is due.
      Duration delay =
          DELAY
              .plusMillis(count)
              .plusNanos(i * TimeUnit.SECONDS.toNanos(1) / options.rate)
              .truncatedTo(ChronoUnit.MILLIS);
      due[i] = nanos + delay.toNanos();
      jobs.add(ledger.next(now.plus(delay), false));
    }
    contestant.submit(jobs);
    if (System.nanoTime() > due[0]) {
      LOG.warn("{} took jobs too slowly to be measured by when they are due", contestant.name());
    }
    awaitBegan(jobs, 1);
    Histogram micros = histogram();
    for (int i = 0; i < count; i++) {
      // Who begins too early is off as well.
      record(micros, Math.abs(ledger.beganAt(jobs.get(i)) - due[i]));
    }
    var _ = contestant.awaitDone(jobs, PATIENCE);
    return Latency.of(micros);
  }

  private static Histogram histogram() {
    return new Histogram(TimeUnit.HOURS.toMicros(1), 3);
  }

  /** What reads another clock may come out a little below nothing. */
  private static void record(Histogram micros, long nanos) {
    micros.recordValue(Math.max(0, nanos / 1_000));
  }

  /** Returns how many a second were taken. */
  private double preload() throws Exception {
    Instant due = Instant.now().plus(ANOTHER_DAY);
    long began = System.nanoTime();
    for (int left = options.scheduled; left > 0; left -= PRELOADED_AT_ONCE) {
      List<BenchJob> some = new ArrayList<>();
      for (int i = 0; i < Math.min(left, PRELOADED_AT_ONCE); i++) {
        // They are none of the jobs that are counted.
        some.add(new BenchJob(-1, due, false));
      }
      contestant.submit(some);
    }
    // What was submitted before it has been taken when this is done.
    for (int i = 0; i < options.rounds; i++) {
      var _ = burst(Math.max(1, options.jobs / 4));
    }
    double rate = options.scheduled / ((System.nanoTime() - began) / 1e9);
    say("has taken jobs of another day, a second: " + rate);
    return rate;
  }

  private double restart(boolean killed) throws Exception {
    List<BenchJob> probe = ledger.next(1);
    long started = contestant.restart(killed);
    contestant.submit(probe);
    awaitBegan(probe, 1);
    double seconds = (ledger.beganAt(probe.getFirst()) - started) / 1e9;
    say((killed ? "is ready after its death within s: " : "is ready within s: ") + seconds);
    // What the death of a worker that also schedules has left behind is not waited for.
    var _ = contestant.awaitDone(probe, PATIENCE);
    return seconds;
  }

  private Optional<Double> death() throws Exception {
    if (contestant.noticesDeath().compareTo(options.patienceOfDeath()) > 0) {
      return Optional.empty();
    }
    List<BenchJob> all = new ArrayList<>();
    try (ContestantProcess dying = contestant.startHolding()) {
      List<BenchJob> held = List.of();
      for (int i = 0; held.size() < HELD && i < TRIES; i++) {
        List<BenchJob> some = new ArrayList<>();
        for (int j = 0; j < HELD; j++) {
          some.add(ledger.next(Instant.EPOCH, true));
        }
        all.addAll(some);
        contestant.submit(some);
        awaitBegan(some, 1);
        // Those that are done are in other hands.
        Thread.sleep(500);
        held = left(all);
      }
      if (held.isEmpty()) {
        throw new IllegalStateException("the second worker of " + contestant.name() + " gets none");
      }
      orphans.addAll(held);
      long killed = System.nanoTime();
      dying.kill();
      if (!ledger.awaitBegan(held, 2, options.patienceOfDeath())) {
        awaitBegan(held, 2);
      }
      long last = held.stream().mapToLong(ledger::beganAt).max().orElseThrow();
      var _ = contestant.awaitDone(all, PATIENCE);
      double seconds = (last - killed) / 1e9;
      say("has begun %d jobs again after s: %s".formatted(held.size(), seconds));
      return Optional.of(seconds);
    }
  }

  private List<BenchJob> left(List<BenchJob> jobs) throws Exception {
    List<BenchJob> left = new ArrayList<>();
    for (BenchJob job : jobs) {
      if (contestant.undone(List.of(job)) > 0) {
        left.add(job);
      }
    }
    return left;
  }

  private Accounts accounts() throws Exception {
    List<BenchJob> jobs = ledger.jobs();
    long never = jobs.stream().filter(job -> ledger.runs(job) == 0).count();
    long twice =
        jobs.stream().filter(job -> !orphans.contains(job) && ledger.runs(job) > 1).count();
    return new Accounts(jobs.size(), (int) Math.max(never, contestant.undone(jobs)), (int) twice);
  }
}
