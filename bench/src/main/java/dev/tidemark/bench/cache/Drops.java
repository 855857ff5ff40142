package dev.tidemark.bench.cache;

import dev.tidemark.bench.cache.Trace.Station;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.cache.wire.SideLine;
import dev.tidemark.bench.verify.cache.wire.Tier;
import dev.tidemark.bench.verify.cache.wire.Wire;
import dev.tidemark.contract.Topics;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Commits at a steady rate, each to a row whose answer is kept everywhere, and watches it go. */
final class Drops {
  private static final Duration SIDE = Duration.ofSeconds(20);
  private static final Duration GLANCE = Duration.ofMillis(1);
  private static final Duration LATE = Duration.ofSeconds(5);
  private static final int WRITERS = 4;

  /** How long before its commit an answer is asked for. */
  private static final Duration AHEAD = Duration.ofMillis(500);

  private final SyncSystem system;
  private final String token;
  private volatile boolean over;

  Drops(SyncSystem system) {
    this.system = system;
    this.token = system.tokens().operator();
  }

  /** Runs; what is measured is in the trace. */
  Trace run(int rate, Duration warmUp, Duration duration) throws Exception {
    Trace trace = new Trace();
    try (TopicWatch _ =
            new TopicWatch(
                system.kafka(),
                Topics.changeName("item"),
                "read_committed",
                Station.CHANGE_TOPIC,
                trace);
        TopicWatch _ =
            new TopicWatch(
                system.kafka(),
                Topics.INVALIDATION.name(),
                "read_uncommitted",
                Station.INVALIDATION_TOPIC,
                trace);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> all = new ArrayList<>();
      all.add(threads.submit(() -> watchRedis(trace)));
      all.add(threads.submit(() -> watchMemory(0, Station.MEMORY_1, trace)));
      all.add(threads.submit(() -> watchMemory(1, Station.MEMORY_2, trace)));
      long begun = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      long end = begun + warmUp.plus(duration).toNanos();
      for (int node = 0; node < system.nodeCount(); node++) {
        int one = node;
        all.add(threads.submit(() -> fill(one, rate, begun, end)));
      }
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int first = i;
        writers.add(threads.submit(() -> write(first, rate, begun, end, trace)));
      }
      LockSupport.parkNanos(begun + warmUp.toNanos() - System.nanoTime());
      trace.count(true);
      for (Future<?> writer : writers) {
        writer.get();
      }
      long deadline = System.nanoTime() + LATE.toNanos();
      while (trace.lost() > 0 && System.nanoTime() < deadline) {
        LockSupport.parkNanos(GLANCE.toNanos());
        trace.settle();
      }
      over = true;
      for (Future<?> one : all) {
        one.get();
      }
    }
    return trace;
  }

  private static int item(int turn) {
    return turn % Clinic.ITEMS;
  }

  private Void write(int first, int rate, long begun, long end, Trace trace) throws Exception {
    try (Kept kept = new Kept();
        Connection connection = system.connect();
        PreparedStatement statement =
            connection.prepareStatement("update bench.items set mark = mark + 1 where id = ?")) {
      for (int turn = first; ; turn += WRITERS) {
        long due = begun + turn * TimeUnit.SECONDS.toNanos(1) / rate;
        if (due > end) {
          return null;
        }
        park(due);
        int item = item(turn);
        if (!kept.everywhere(item)) {
          trace.leaveOut();
          continue;
        }
        trace.begin(item);
        statement.setInt(1, item);
        statement.executeUpdate();
        trace.committed(item);
        trace.settle();
      }
    }
  }

  /** Whether an answer is kept by both nodes and by Redis: else nothing can go. */
  private final class Kept implements AutoCloseable {
    private final List<SideLine> lines = new ArrayList<>();
    private final Jedis redis = new Jedis(URI.create(system.redis().url()));

    Kept() throws IOException {
      for (int node = 0; node < system.nodeCount(); node++) {
        lines.add(line(node));
      }
    }

    boolean everywhere(int item) throws IOException {
      boolean kept = redis.exists(entry(item));
      for (SideLine line : lines) {
        line.send(List.of(Clinic.item(item, token)), SideLine.KEPT);
        line.receive();
        kept &= line.tier() != Tier.NONE;
      }
      return kept;
    }

    @Override
    public void close() throws IOException {
      for (SideLine line : lines) {
        line.close();
      }
      redis.close();
    }
  }

  private static String entry(int item) {
    return "{tidemark}:e:item:" + item;
  }

  private Void fill(int node, int rate, long begun, long end) throws IOException {
    try (SideLine line = line(node)) {
      for (int turn = 0; ; turn++) {
        long due = begun + turn * TimeUnit.SECONDS.toNanos(1) / rate;
        if (due > end) {
          return null;
        }
        park(due - AHEAD.toNanos());
        line.send(List.of(Clinic.item(item(turn), token)), false);
        line.receive();
      }
    }
  }

  private SideLine line(int node) throws IOException {
    return new SideLine(SideLine.port(system.stateDirectory(node)), SIDE);
  }

  private Void watchMemory(int node, Station station, Trace trace) throws IOException {
    try (SideLine line = line(node)) {
      while (!over) {
        List<Integer> waiting = waiting(trace, station);
        List<Wire.Sent> questions = waiting.stream().map(item -> Clinic.item(item, token)).toList();
        line.send(questions, SideLine.KEPT);
        for (int item : waiting) {
          line.receive();
          if (line.tier() == Tier.NONE) {
            trace.seen(item, station, System.nanoTime());
          }
        }
        LockSupport.parkNanos(GLANCE.toNanos());
      }
    }
    return null;
  }

  private Void watchRedis(Trace trace) {
    try (Jedis redis = new Jedis(URI.create(system.redis().url()))) {
      while (!over) {
        List<Integer> waiting = waiting(trace, Station.REDIS);
        List<Response<Boolean>> kept = new ArrayList<>();
        Pipeline pipeline = redis.pipelined();
        waiting.forEach(item -> kept.add(pipeline.exists(entry(item))));
        pipeline.sync();
        long now = System.nanoTime();
        for (int i = 0; i < waiting.size(); i++) {
          if (!kept.get(i).get()) {
            trace.seen(waiting.get(i), Station.REDIS, now);
          }
        }
        LockSupport.parkNanos(GLANCE.toNanos());
      }
    }
    return null;
  }

  private static List<Integer> waiting(Trace trace, Station station) {
    List<Integer> waiting = new ArrayList<>();
    trace
        .open()
        .forEach(
            item -> {
              if (trace.waits(item, station)) {
                waiting.add(item);
              }
            });
    return waiting;
  }

  private static void park(long until) {
    for (long rest = until - System.nanoTime(); rest > 0; rest = until - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
  }
}
