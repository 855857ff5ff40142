package dev.tidemark.bench.jobs;

import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.jobs.Worker;
import dev.tidemark.connectors.jobs.WorkerSettings;
import dev.tidemark.pipeline.jobs.JobsTopology;
import dev.tidemark.pipeline.runtime.RunningTopology;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of Tidemark in a process of its own, which ends with its input. */
final class TidemarkMain {
  /** Schedules. */
  static final String SCHEDULER = "scheduler";

  /** Works. */
  static final String WORKER = "worker";

  /** Works, and keeps the jobs that are to be held. */
  static final String HOLDER = "holder";

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final int SLOTS = 2_000;

  private TidemarkMain() {}

  public static void main(String[] arguments) throws Exception {
    Report report = Report.open();
    if (arguments[0].equals(SCHEDULER)) {
      schedule(report);
    } else {
      work(report, arguments[0].equals(HOLDER));
    }
    System.exit(0);
  }

  private static void schedule(Report report) throws IOException, InterruptedException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (RunningTopology topology =
        RunningTopology.start(
            new JobsTopology(BenchCatalog.JOBS, BenchCatalog.PARTITIONS, registry),
            StreamsSettings.from(System.getenv(), null),
            registry)) {
      if (!topology.awaitRunning(START)) {
        throw new IllegalStateException("the topology does not run: " + topology.health());
      }
      report.ready();
      awaitEnd();
    }
  }

  private static void work(Report report, boolean holding) throws IOException {
    try (Worker worker =
        Worker.start(
            new WorkerSettings(
                System.getenv("TIDEMARK_KAFKA"), BenchCatalog.JOBS, "bench", SLOTS, GRACE),
            List.of(new Nothing(new Hands(report, holding))),
            new SimpleMeterRegistry(),
            InstantSource.system())) {
      if (worker.complaint().isEmpty()) {
        report.ready();
      }
      awaitEnd();
    }
  }

  private static void awaitEnd() throws IOException {
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  /** Does what a no-op job wants. */
  private record Nothing(Hands hands) implements JobHandler<String, String> {
    @Override
    public String type() {
      return BenchCatalog.TYPE.name();
    }

    @Override
    public Class<String> input() {
      return String.class;
    }

    @Override
    public @Nullable String run(String input, JobContext context) throws InterruptedException {
      hands.work(input);
      return null;
    }
  }
}
