package dev.tidemark.bench.cache;

import dev.tidemark.bench.system.Latency;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.cache.wire.Line;
import dev.tidemark.bench.verify.cache.wire.Wire;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/** Reads of agendas, some far more often than others, and now and then a write to one. */
final class Mix {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CLIENTS = 8;
  private static final int WRITES_PERCENT = 5;
  private static final double SKEW = 0.99;

  private final SyncSystem system;
  private final Clinic clinic;
  private final double[] shares;

  /**
   * How it went.
   *
   * @param untrue how many reads came first after a write to the same agenda: nobody can hit those
   * @param database processor time of Postgres for each read, in microseconds
   */
  record Result(long reads, long hits, long untrue, Latency latency, double database) {
    double hitPercent() {
      return 100.0 * hits / reads;
    }

    double mostPercent() {
      return 100.0 * (reads - untrue) / reads;
    }
  }

  Mix(SyncSystem system, Clinic clinic) {
    this.system = system;
    this.clinic = clinic;
    this.shares = zipf(clinic.agendas());
  }

  private static double[] zipf(int count) {
    double[] sums = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += 1 / Math.pow(i + 1, SKEW);
      sums[i] = sum;
    }
    return sums;
  }

  /**
   * At a steady rate over HTTP: with the cache, or with no-cache, which asks Postgres each time.
   */
  Result run(boolean withCache, int rate, Duration duration) throws Exception {
    ConcurrentHistogram micros = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
    LongAdder reads = new LongAdder();
    LongAdder hits = new LongAdder();
    LongAdder untrue = new LongAdder();
    Set<Integer> written = ConcurrentHashMap.newKeySet();
    Duration before = database();
    long begun = System.nanoTime();
    long count = rate * duration.toSeconds();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int first = i;
        clients.add(
            threads.submit(
                () -> {
                  Random random = new Random(first);
                  try (Connection connection = system.connect();
                      PreparedStatement write = write(connection);
                      Line line = line()) {
                    for (long turn = first; turn < count; turn += CLIENTS) {
                      long due = begun + turn * TimeUnit.SECONDS.toNanos(1) / rate;
                      LockSupport.parkNanos(due - System.nanoTime());
                      int agenda = agenda(random);
                      if (random.nextInt(100) < WRITES_PERCENT) {
                        write.setInt(1, Clinic.visit(agenda));
                        write.executeUpdate();
                        written.add(agenda);
                      } else {
                        Wire.Sent sent = Clinic.agenda(agenda, system.tokens().operator());
                        untrue.add(written.remove(agenda) ? 1 : 0);
                        long asked = System.nanoTime();
                        line.send(List.of(sent), !withCache);
                        line.receive();
                        micros.recordValue((System.nanoTime() - asked) / 1_000);
                        if (line.status() != 200) {
                          throw new IllegalStateException(sent.path() + ": " + line.status());
                        }
                        reads.increment();
                        hits.add(line.tier().hit() ? 1 : 0);
                      }
                    }
                    return null;
                  }
                }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
    double used = database().minus(before).toNanos() / 1e3;
    return new Result(
        reads.sum(), hits.sum(), untrue.sum(), Latency.of(micros), used / reads.sum());
  }

  private static PreparedStatement write(Connection connection) throws java.sql.SQLException {
    return connection.prepareStatement(
        "update bench.visits set notes = 'changed at ' || clock_timestamp() where id = ?");
  }

  private Line line() throws java.io.IOException {
    return new Line(URI.create(system.url(0)).getPort(), PATIENCE);
  }

  private Duration database() {
    return system.busy().getOrDefault("Postgres", Duration.ZERO);
  }

  /** The popular ones are spread over providers and days. */
  private int agenda(Random random) {
    double share = random.nextDouble() * shares[shares.length - 1];
    int at = java.util.Arrays.binarySearch(shares, share);
    int rank = Math.min(at < 0 ? -at - 1 : at, shares.length - 1);
    return (int) (rank * 7_919L % clinic.agendas());
  }
}
