package dev.tidemark.bench.jobs;

import dev.tidemark.bench.jobs.JobsBenchOptions.Entrant;
import dev.tidemark.bench.system.JavaProcess.Command;
import dev.tidemark.servers.EmbeddedPostgres18;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A scheduler that keeps its jobs in Postgres, and schedules where it works. */
final class Peer implements Contestant {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final List<String> JVM =
      List.of("-Xmx512m", "-XX:+UseSerialGC", "-Dlogback.configurationFile=bench-logback.xml");

  private final Entrant entrant;
  private final Path directory;
  private final EmbeddedPostgres18 postgres;
  private final String url;
  private final PeerClient client;
  private final Duration noticesDeath;
  private final Ledger ledger = new Ledger();
  private @Nullable ContestantProcess worker;

  /**
   * @param url of a database of its own
   * @param noticesDeath how long it takes at least until a dead worker is noticed
   */
  Peer(
      Entrant entrant,
      Path directory,
      EmbeddedPostgres18 postgres,
      String url,
      PeerClient client,
      Duration noticesDeath) {
    this.entrant = entrant;
    this.directory = directory;
    this.postgres = postgres;
    this.url = url;
    this.client = client;
    this.noticesDeath = noticesDeath;
  }

  @Override
  public String name() {
    return entrant.title();
  }

  @Override
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public void start() throws Exception {
    client.prepare();
    worker = start(PeerMain.WORKER);
  }

  private ContestantProcess start(String part)
      throws IOException, InterruptedException, TimeoutException {
    ContestantProcess process = launch(part);
    process.awaitReady();
    return process;
  }

  private ContestantProcess launch(String part) throws IOException {
    return ContestantProcess.start(
        new Command(
            directory, entrant.name() + "-" + part, PeerMain.class.getName(), JVM, Map.of()),
        List.of(entrant.name(), part, url),
        ledger);
  }

  @Override
  public void submit(List<BenchJob> jobs) {
    client.submit(jobs);
  }

  @Override
  public long awaitDone(List<BenchJob> jobs, Duration atMost) throws Exception {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (client.undone() > 0) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("%d jobs of %s are not done".formatted(client.undone(), name()));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return System.nanoTime();
  }

  @Override
  public ContestantProcess startHolding() throws Exception {
    return start(PeerMain.HOLDER);
  }

  @Override
  public Duration noticesDeath() {
    return noticesDeath;
  }

  @Override
  public long restart(boolean killed) throws Exception {
    ContestantProcess running = started();
    if (killed) {
      running.kill();
    } else {
      running.stop();
    }
    long now = System.nanoTime();
    worker = launch(PeerMain.WORKER);
    return now;
  }

  private ContestantProcess started() {
    ContestantProcess running = worker;
    if (running == null) {
      throw new IllegalStateException(name() + " has not been started");
    }
    return running;
  }

  @Override
  public Map<String, Duration> busy() {
    Map<String, Duration> busy = new LinkedHashMap<>();
    busy.put("bench", ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    busy.put("Postgres", postgres.busy());
    busy.put("worker", started().busy());
    return busy;
  }

  @Override
  public int undone(List<BenchJob> jobs) throws Exception {
    return client.undone(jobs);
  }

  @Override
  public void close() {
    client.close();
    ContestantProcess running = worker;
    if (running != null) {
      running.close();
    }
  }
}
