package dev.tidemark.bench.capture;

import dev.tidemark.bench.capture.Contender.Seen;
import dev.tidemark.bench.system.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One contender's turn: latency, drains, the large transaction, and a restart after a kill. */
final class Race {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int WARM_UP_SECONDS = 10;
  private static final int RESTART_SECONDS = 10;
  private static final int RESTART_FROM = Workload.PASS_STRIDE / 2;

  private final Ground ground;
  private final BenchOptions options;
  private final Contender contender;
  private final Workload workload;
  private final Sightings sightings;
  private final Consumer<String> progress;

  private Race(
      Ground ground,
      BenchOptions options,
      Contender contender,
      Workload workload,
      Sightings sightings,
      Consumer<String> progress) {
    this.ground = ground;
    this.options = options;
    this.contender = contender;
    this.workload = workload;
    this.sightings = sightings;
    this.progress = progress;
  }

  static Result run(
      Ground ground, BenchOptions options, Contender contender, Consumer<String> progress)
      throws Exception {
    Sightings sightings = new Sightings();
    try (Workload workload = ground.prepare(contender);
        TopicReader _ = reader(ground, contender, sightings)) {
      Result result = new Race(ground, options, contender, workload, sightings, progress).run();
      ground.release(contender);
      return result;
    }
  }

  private static @Nullable TopicReader reader(
      Ground ground, Contender contender, Sightings sightings) {
    return contender.seen() == Seen.IN_PROCESS
        ? null
        : new TopicReader(ground.kafka(), Ground.topic(contender), sightings);
  }

  private Result run() throws Exception {
    Latency latency;
    List<Result.Drain> drains = new ArrayList<>();
    long repeated = 0;
    Result.Memory memory;
    try (ContenderProcess process = fork(options.heapMegabytes())) {
      process.start(0);
      latency = latency();
      long heap = process.stop();
      for (int pass = 1; pass <= options.passes(); pass++) {
        workload.many(pass, options.rows());
        drains.add(drain(process, pass, options.rows()));
        heap = process.stop();
        repeated += sightings.repeated();
      }
      memory = new Result.Memory(heap, process.residentPeak());
    }
    boolean ours = contender == Contender.TIDEMARK;
    Optional<Result.Big> big =
        ours && options.bigRows() > 0 ? Optional.of(big()) : Optional.empty();
    Optional<Duration> restart = ours ? Optional.of(restart()) : Optional.empty();
    return new Result(contender, latency, drains, repeated, memory, restart, big);
  }

  private ContenderProcess fork(int heap) throws java.io.IOException {
    return ContenderProcess.fork(contender, ground, sightings, heap, options.flightRecordings());
  }

  private Latency latency() throws Exception {
    progress.accept("latency");
    int warmUp = WARM_UP_SECONDS * options.rate();
    int count = warmUp + Math.toIntExact(options.latency().toSeconds()) * options.rate();
    long[] committed = workload.single(1, count, options.rate());
    Histogram micros = new Histogram(3);
    for (int n = warmUp; n < count; n++) {
      long nanos = sightings.awaitSingle(n + 1, PATIENCE) - committed[n];
      // The log may show a commit before the writer's own connection does.
      micros.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }
    return Latency.of(micros);
  }

  private Result.Drain drain(ContenderProcess process, int pass, int rows) throws Exception {
    progress.accept("drain " + pass);
    sightings.expect(pass);
    long begun = process.start((long) pass * Workload.PASS_STRIDE + rows);
    Sightings.Span span = sightings.awaitDrained(rows, PATIENCE);
    return new Result.Drain(
        rows * TimeUnit.SECONDS.toNanos(1) / Math.max(1, span.last() - span.first()),
        Duration.ofNanos(span.first() - begun));
  }

  private Result.Big big() throws Exception {
    int pass = options.passes() + 1;
    workload.oneTransaction(pass, options.bigRows());
    try (ContenderProcess process = fork(options.bigHeapMegabytes())) {
      Result.Drain drain = drain(process, pass, options.bigRows());
      long heap = process.stop();
      return new Result.Big(
          options.bigRows(),
          drain.rowsPerSecond(),
          options.bigHeapMegabytes(),
          new Result.Memory(heap, process.residentPeak()));
    }
  }

  private Duration restart() throws Exception {
    progress.accept("restart after a kill");
    try (ContenderProcess process = fork(options.heapMegabytes())) {
      process.start(0);
      workload.single(RESTART_FROM, options.rate(), options.rate());
      sightings.awaitSingle(RESTART_FROM + options.rate() - 1, PATIENCE);
      process.kill();
    }
    int from = RESTART_FROM + options.rate();
    int count = RESTART_SECONDS * options.rate();
    long begun = System.nanoTime();
    try (ContenderProcess process = fork(options.heapMegabytes())) {
      Thread starter = Thread.ofPlatform().start(() -> startQuietly(process));
      workload.single(from, count, options.rate());
      starter.join();
      // The first row that was committed after the kill is the first that is seen again.
      return Duration.ofNanos(sightings.awaitSingle(from, PATIENCE) - begun);
    }
  }

  private static void startQuietly(ContenderProcess process) {
    try {
      process.start(0);
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("the contender did not start again", e);
    }
  }
}
