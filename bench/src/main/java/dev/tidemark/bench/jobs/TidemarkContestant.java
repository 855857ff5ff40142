package dev.tidemark.bench.jobs;

import dev.tidemark.bench.jobs.JobsBenchOptions.Entrant;
import dev.tidemark.bench.system.JavaProcess.Command;
import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.servers.ForkedKafka;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Tidemark: a broker, a scheduler and a worker, each in a process of its own. */
final class TidemarkContestant implements Contestant {
  private static final Duration LEASE = Duration.ofSeconds(4);
  private static final List<String> JVM =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dlogback.configurationFile=bench-logback.xml");

  private final Path directory;
  private final Optional<Path> recordings;
  private final ForkedKafka kafka = ForkedKafka.forLoad(ServerConfig.temporary());
  private final Ledger ledger = new Ledger();
  private int recorded;
  private @Nullable ContestantProcess scheduler;
  private @Nullable ContestantProcess worker;
  private @Nullable Submission submission;
  private @Nullable Completions completions;

  TidemarkContestant(Path directory, Optional<Path> recordings) {
    this.directory = directory;
    this.recordings = recordings;
  }

  @Override
  public String name() {
    return Entrant.tidemark.title();
  }

  @Override
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public void start() throws Exception {
    kafka.start();
    if (TopicProvisioner.provision(
            kafka.bootstrapServers(), Topics.of(BenchCatalog.CATALOG), BenchCatalog.PARTITIONS, 1)
        instanceof Provisioning.Unfit(List<String> complaints)) {
      throw new IllegalStateException(String.join("; ", complaints));
    }
    submission = new TopicSubmission(kafka.bootstrapServers());
    completions = new Completions(kafka.bootstrapServers());
    startScheduler();
    worker = start(TidemarkMain.WORKER);
  }

  private void startScheduler() throws IOException, InterruptedException, TimeoutException {
    scheduler = start(TidemarkMain.SCHEDULER);
  }

  private ContestantProcess start(String part)
      throws IOException, InterruptedException, TimeoutException {
    ContestantProcess process = launch(part);
    process.awaitReady();
    return process;
  }

  private ContestantProcess launch(String part) throws IOException {
    List<String> options = new ArrayList<>(JVM);
    recordings.ifPresent(
        to ->
            options.add(
                "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + to.resolve("jobs-%s-%d.jfr".formatted(part, recorded++))));
    return ContestantProcess.start(
        new Command(
            directory,
            "tidemark-" + part,
            TidemarkMain.class.getName(),
            options,
            Map.of(
                "TIDEMARK_KAFKA",
                kafka.bootstrapServers(),
                "TIDEMARK_STATE_DIR",
                directory.resolve("state").toString())),
        List.of(part),
        ledger);
  }

  @Override
  public void submit(List<BenchJob> jobs) throws Exception {
    started(submission).submit(jobs, started(completions)::named);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("Tidemark has not been started");
    }
    return part;
  }

  @Override
  public long awaitDone(List<BenchJob> jobs, Duration atMost) throws InterruptedException {
    started(completions).await(jobs, atMost);
    return System.nanoTime();
  }

  @Override
  public ContestantProcess startHolding() throws Exception {
    return start(TidemarkMain.HOLDER);
  }

  @Override
  public Duration noticesDeath() {
    return LEASE;
  }

  @Override
  public long restart(boolean killed) throws Exception {
    if (killed) {
      started(scheduler).kill();
    } else {
      started(scheduler).stop();
    }
    long now = System.nanoTime();
    scheduler = launch(TidemarkMain.SCHEDULER);
    return now;
  }

  @Override
  public Map<String, Duration> busy() {
    Map<String, Duration> busy = new LinkedHashMap<>();
    busy.put("bench", ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    busy.put("Kafka", kafka.busy());
    busy.put("scheduler", started(scheduler).busy());
    busy.put("worker", started(worker).busy());
    return busy;
  }

  @Override
  public int undone(List<BenchJob> jobs) {
    return started(completions).notOnce(jobs);
  }

  @Override
  public void close() {
    if (completions != null) {
      completions.close();
    }
    if (submission != null) {
      submission.close();
    }
    for (ContestantProcess process : processes()) {
      try {
        // In order, so that a recording is written.
        process.stop();
      } catch (IOException e) {
        process.close();
      } catch (InterruptedException e) {
        process.close();
        Thread.currentThread().interrupt();
      }
    }
    kafka.close();
  }

  private List<ContestantProcess> processes() {
    List<ContestantProcess> processes = new ArrayList<>();
    if (worker != null) {
      processes.add(worker);
    }
    if (scheduler != null) {
      processes.add(scheduler);
    }
    return processes;
  }
}
