package dev.tidemark.bench.cache;

import dev.tidemark.bench.system.Latency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** When a commit of an item had come where. Thread-safe; what comes twice counts once. */
final class Trace {
  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final Map<Station, AtomicLongArray> seen = new EnumMap<>(Station.class);
  private final AtomicLongArray committed = new AtomicLongArray(Clinic.ITEMS);
  private final Map<Integer, Boolean> open = new ConcurrentHashMap<>();
  private final Map<Station, Histogram> delays = new EnumMap<>(Station.class);
  private final LongAdder leftOut = new LongAdder();
  private volatile boolean counting;

  /** Where a commit comes by. */
  enum Station {
    CHANGE_TOPIC("change topic, bare consumer"),
    INVALIDATION_TOPIC("invalidation topic, bare consumer"),
    MEMORY_1("gone from memory of node 1"),
    MEMORY_2("gone from memory of node 2"),
    REDIS("gone from Redis");

    private final String text;

    Station(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  Trace() {
    for (Station station : Station.values()) {
      seen.put(station, new AtomicLongArray(Clinic.ITEMS));
      delays.put(station, new Histogram(MOST_MICROS, 3));
    }
  }

  /** Whether what comes from now on counts. */
  void count(boolean yes) {
    counting = yes;
  }

  void begin(int item) {
    committed.set(item, 0);
    seen.values().forEach(times -> times.set(item, 0));
    open.put(item, true);
  }

  void committed(int item) {
    committed.set(item, System.nanoTime());
  }

  boolean waits(int item, Station station) {
    return open.containsKey(item) && of(station).get(item) == 0;
  }

  /** Those whose commit is on its way. */
  Iterable<Integer> open() {
    return open.keySet();
  }

  void seen(int item, Station station, long now) {
    if (of(station).compareAndSet(item, 0, now)) {
      boolean all = seen.values().stream().allMatch(times -> times.get(item) != 0);
      if (all && committed.get(item) != 0 && open.remove(item) != null && counting) {
        close(item);
      }
    }
  }

  /** For those that were seen everywhere before the commit had returned. */
  void settle() {
    for (int item : List.copyOf(open.keySet())) {
      boolean all = seen.values().stream().allMatch(times -> times.get(item) != 0);
      if (all && committed.get(item) != 0 && open.remove(item) != null && counting) {
        close(item);
      }
    }
  }

  private synchronized void close(int item) {
    delays.forEach(
        (station, histogram) ->
            histogram.recordValue(
                Math.min(
                    MOST_MICROS,
                    Math.max(0, of(station).get(item) - committed.get(item)) / 1_000)));
  }

  private AtomicLongArray of(Station station) {
    return java.util.Objects.requireNonNull(seen.get(station), "every station has one");
  }

  synchronized Latency latency(Station station) {
    return Latency.of(
        java.util.Objects.requireNonNull(delays.get(station), "every station has one"));
  }

  synchronized long counted() {
    return java.util.Objects.requireNonNull(delays.get(Station.REDIS), "every station has one")
        .getTotalCount();
  }

  /** A commit that was not made, because its answer was not kept everywhere. */
  void leaveOut() {
    if (counting) {
      leftOut.increment();
    }
  }

  long leftOut() {
    return leftOut.sum();
  }

  int lost() {
    return open.size();
  }
}
