package dev.tidemark.bench.verify.jobs.worker;

import static java.util.Objects.requireNonNull;

import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.jobs.Worker;
import dev.tidemark.connectors.jobs.WorkerSettings;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.servers.PostgresUrl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;

/** A worker that does errands, until its process is stopped. */
public final class ErrandWorker {
  /** The variables that it reads. */
  public static final String NAME = "VERIFY_WORKER";

  public static final String CLOCK = "VERIFY_CLOCK";
  public static final String PORT = "VERIFY_POSTGRES_PORT";
  public static final String DATABASE = "VERIFY_POSTGRES_DATABASE";
  public static final String USER = "VERIFY_POSTGRES_USER";
  public static final String PASSWORD = "VERIFY_POSTGRES_PASSWORD";

  private static final int SLOTS = 32;
  private static final Duration GRACE = Duration.ofMillis(300);
  private static final long REST_NANOS = 500_000_000L;

  private ErrandWorker() {}

  public static void main(String[] arguments) {
    String name = told(NAME);
    JobCatalog catalog = catalog(Path.of(told("TIDEMARK_CATALOG")));
    Notebook notebook =
        new Notebook(
            new PostgresUrl(
                "127.0.0.1",
                Integer.parseInt(told(PORT)),
                told(DATABASE),
                told(USER),
                told(PASSWORD)),
            name);
    List<JobHandler<?, ?>> handlers = new ArrayList<>();
    for (JobType type : catalog.types()) {
      handlers.add(new Doing(type.name(), name, notebook));
    }
    Worker worker =
        start(new WorkerSettings(told("TIDEMARK_KAFKA"), catalog, name, SLOTS, GRACE), handlers);
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "verify-worker-stop"));
  }

  /** Begins when the brokers answer, as workers do. */
  private static Worker start(WorkerSettings settings, List<JobHandler<?, ?>> handlers) {
    InstantSource clock = new SteppedClock(Path.of(told(CLOCK)));
    while (true) {
      try {
        return Worker.start(settings, handlers, new SimpleMeterRegistry(), clock);
      } catch (KafkaException e) {
        LockSupport.parkNanos(REST_NANOS);
      }
    }
  }

  private static String told(String variable) {
    return requireNonNull(System.getenv(variable), variable);
  }

  private static JobCatalog catalog(Path file) {
    return switch (CatalogReader.read(file)) {
      case CatalogReading.Valid valid -> valid.catalog().jobs();
      case CatalogReading.Invalid invalid ->
          throw new IllegalStateException(String.join("\n", invalid.sentences()));
    };
  }

  /** Does errands of one type. */
  private record Doing(String type, String worker, Notebook notebook)
      implements JobHandler<Errand, Outcome> {
    @Override
    public Class<Errand> input() {
      return Errand.class;
    }

    @Override
    public Outcome run(Errand errand, JobContext context) throws Exception {
      String run = UUID.randomUUID().toString();
      notebook.begins(run, context.id(), context.attempt());
      if (errand.isFinal()) {
        throw new FinalError("no attempt can do this");
      }
      if (context.attempt() <= errand.fails()) {
        throw new IllegalStateException("not this time");
      }
      for (int step = first(context); step < errand.steps(); step++) {
        pass(errand.millis(), errand.deaf());
        context.save(Integer.toString(step + 1));
        context.progress(100 * (step + 1) / errand.steps(), "step " + (step + 1));
        context.checkpoint();
      }
      if (errand.steps() == 0) {
        pass(errand.millis(), errand.deaf());
      }
      end(run, errand, context);
      return new Outcome(context.attempt(), worker);
    }

    private static int first(JobContext context) {
      return context.saved().map(Integer::parseInt).orElse(0);
    }

    private void end(String run, Errand errand, JobContext context)
        throws SQLException, InterruptedException {
      boolean interrupted = errand.deaf() && Thread.interrupted();
      notebook.ends(run, context.id(), context.attempt());
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private static void pass(int millis, boolean deaf) throws InterruptedException {
      long deadline = System.nanoTime() + Duration.ofMillis(millis).toNanos();
      for (long left = millis; left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
        try {
          Thread.sleep(left);
        } catch (InterruptedException e) {
          if (!deaf) {
            throw e;
          }
        }
      }
    }
  }
}
