package dev.tidemark.bench.sync;

import dev.tidemark.bench.system.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Puts load on something and takes the time of each piece of work. */
final class Load {
  /** One client's piece of work. */
  @FunctionalInterface
  interface Work {
    void once() throws Exception;
  }

  /** Where a client's work comes from; called once for each client. */
  @FunctionalInterface
  interface Clients {
    Work client(int number) throws Exception;
  }

  /**
   * What came of it.
   *
   * @param perSecond pieces of work a second
   * @param latency of one piece
   */
  record Figures(int clients, double perSecond, Latency latency) {}

  private Load() {}

  /** Each client begins the next piece of work when the one before is done. */
  static Figures closed(int count, Duration duration, Clients clients) throws Exception {
    Histogram micros = new ConcurrentHistogram(3);
    List<Future<Long>> running = new ArrayList<>();
    long begun;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Work> works = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        works.add(clients.client(i));
      }
      begun = System.nanoTime();
      long end = begun + duration.toNanos();
      for (Work work : works) {
        running.add(
            threads.submit(
                () -> {
                  long done = 0;
                  for (long now = System.nanoTime(); now < end; done++) {
                    work.once();
                    long after = System.nanoTime();
                    micros.recordValue((after - now) / 1_000);
                    now = after;
                  }
                  return done;
                }));
      }
    }
    long done = 0;
    for (Future<Long> one : running) {
      done += get(one);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Figures(count, done / seconds, Latency.of(micros));
  }

  /** Pieces of work begin at their time, whether those before are done or not. */
  static Figures open(int rate, Duration duration, Clients clients) throws Exception {
    Histogram micros = new ConcurrentHistogram(3);
    int count = Math.toIntExact(rate * duration.toSeconds());
    List<Future<Long>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Work> works = new ArrayList<>();
      for (int i = 0; i < rate; i++) {
        works.add(clients.client(i));
      }
      long begun = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = begun + i * 1_000_000_000L / rate;
        Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
        Work work = works.get(i % rate);
        running.add(
            threads.submit(
                () -> {
                  work.once();
                  // From when it was due: waiting for a turn is latency, too.
                  micros.recordValue((System.nanoTime() - due) / 1_000);
                  return 1L;
                }));
      }
    }
    for (Future<Long> one : running) {
      get(one);
    }
    return new Figures(rate, rate, Latency.of(micros));
  }

  private static long get(Future<Long> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
