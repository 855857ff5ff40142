package dev.tidemark.bench.cache;

import dev.tidemark.bench.cache.Trace.Station;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.cache.wire.GoneLine;
import dev.tidemark.bench.verify.cache.wire.SideLine;
import dev.tidemark.bench.verify.cache.wire.Tier;
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

  /** From when until when. */
  private record Times(long begun, long end) {}

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
        RedisWatch _ = new RedisWatch(URI.create(system.redis().url()), trace);
        GoneLine first = gone(0, Station.MEMORY_1, trace);
        GoneLine second = gone(1, Station.MEMORY_2, trace);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> all = new ArrayList<>();
      long begun = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      long end = begun + warmUp.plus(duration).toNanos();
      for (int node = 0; node < system.nodeCount(); node++) {
        int one = node;
        all.add(threads.submit(() -> fill(one, rate, begun, end)));
      }
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int turn = i;
        writers.add(
            threads.submit(
                () -> write(turn, rate, new Times(begun, end), trace, List.of(first, second))));
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
      for (Future<?> one : all) {
        one.get();
      }
    }
    return trace;
  }

  private static int item(int turn) {
    return turn % Clinic.ITEMS;
  }

  private Void write(int first, int rate, Times times, Trace trace, List<GoneLine> memories)
      throws Exception {
    try (Kept kept = new Kept();
        Connection connection = system.connect();
        PreparedStatement statement =
            connection.prepareStatement("update bench.items set mark = mark + 1 where id = ?")) {
      for (int turn = first; ; turn += WRITERS) {
        long due = times.begun() + turn * TimeUnit.SECONDS.toNanos(1) / rate;
        if (due > times.end()) {
          return null;
        }
        park(due);
        int item = item(turn);
        if (!kept.everywhere(item)) {
          trace.leaveOut();
          continue;
        }
        trace.begin(item);
        for (GoneLine memory : memories) {
          memory.watch(Clinic.item(item, token).path());
        }
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
    return RedisWatch.ENTRIES + item;
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

  private GoneLine gone(int node, Station station, Trace trace) throws IOException {
    return new GoneLine(
        SideLine.port(system.stateDirectory(node)),
        (path, nanos) ->
            trace.seen(
                Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)), station, nanos));
  }

  private static void park(long until) {
    for (long rest = until - System.nanoTime(); rest > 0; rest = until - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
  }
}
