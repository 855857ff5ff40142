package dev.tidemark.api.workers;

import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkOrder.Why;
import dev.tidemark.pipeline.board.JobBoard;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler has ordered of workers that speak HTTP and they may not have heard. Every node
 * keeps all of it, since any of them may be asked. It is bounded: what does not fit is dropped, and
 * the scheduler gives it to somebody again when it hears that the worker does not know of it.
 */
public final class Orders implements AutoCloseable {
  /** With this all names of such workers begin, and no others do. */
  public static final String PREFIX = "http-";

  private static final Pattern NAME =
      Pattern.compile(PREFIX + "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  static final int MOST_WORKERS = 10_000;
  static final int MOST_OF_WORKER = 200;
  static final long MOST_CHARACTERS = 64L << 20;

  /** An answer may be lost: what was told is told again after so long. */
  private static final Duration TOLD_FOR = Duration.ofSeconds(5);

  /** Clocks of nodes may be apart. */
  private static final Duration PAST_ITS_LIMIT = Duration.ofMinutes(1);

  private static final int OVERHEAD = 500;

  private final InstantSource clock;
  private final Counter dropped;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Line> lines = new HashMap<>();
  private long characters;
  private int begins;
  private long lastClaim;
  private boolean closed;

  /** An order to begin, and since when it is here. */
  record Held(WorkOrder.Begin order, Instant since) {
    private long weight() {
      return OVERHEAD + (long) order.input().length() + order.saved().orElse("").length();
    }

    private boolean isOf(int attempt) {
      return order.attempt() == attempt;
    }
  }

  /** All of one worker. */
  private static final class Line {
    private final Condition news;
    private final Map<String, Held> begins = new LinkedHashMap<>();
    private final Map<String, WorkOrder.End> ends = new HashMap<>();
    private final Map<String, Instant> told = new HashMap<>();
    private Instant until = Instant.MIN;
    private long taken;
    private long claim;
    private boolean claims;

    private Line(Condition news) {
      this.news = news;
    }

    private boolean isOver(Instant now) {
      return begins.isEmpty() && ends.isEmpty() && !claims && !until.isAfter(now);
    }
  }

  public Orders(MeterRegistry meters, InstantSource clock) {
    this.clock = clock;
    dropped =
        Counter.builder("tidemark.http.workers.dropped")
            .description("Orders that this node had no room for.")
            .register(meters);
    Gauge.builder("tidemark.http.workers.orders", this, Orders::waiting)
        .description("Orders to begin that workers may not have heard yet.")
        .register(meters);
    Gauge.builder("tidemark.http.workers", this, Orders::workers)
        .description("Workers that have asked this node and whose lease has not ended.")
        .register(meters);
  }

  /** Whether a worker may be called so. */
  static boolean isName(String worker) {
    return NAME.matcher(worker).matches();
  }

  /** Takes an order; one of a worker that does not speak HTTP is not kept. */
  public void take(WorkOrder order) {
    if (!order.worker().startsWith(PREFIX)) {
      return;
    }
    lock.lock();
    try {
      Line line = line(order.worker());
      if (line == null) {
        dropped.increment();
        return;
      }
      switch (order) {
        case WorkOrder.Begin begin -> take(line, begin);
        case WorkOrder.End end -> take(line, end);
      }
      line.taken++;
      line.news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void take(Line line, WorkOrder.Begin begin) {
    remove(line, begin.id());
    Held held = new Held(begin, clock.instant());
    if (line.begins.size() >= MOST_OF_WORKER || characters + held.weight() > MOST_CHARACTERS) {
      dropped.increment();
      return;
    }
    line.begins.put(begin.id(), held);
    characters += held.weight();
    begins++;
  }

  private void take(Line line, WorkOrder.End end) {
    Held held = line.begins.get(end.id());
    if (end.why() == Why.ABANDONED && held != null && held.isOf(end.attempt())) {
      remove(line, end.id());
    }
    if (line.ends.size() >= MOST_OF_WORKER && !line.ends.containsKey(end.id())) {
      dropped.increment();
      return;
    }
    line.ends.put(end.id(), end);
    line.told.remove(end.id());
  }

  private void remove(Line line, String id) {
    Held held = line.begins.remove(id);
    if (held != null) {
      characters -= held.weight();
      begins--;
    }
  }

  /** The worker's own; null if there is none, and no room for one more. */
  private @Nullable Line line(String worker) {
    Line line = lines.get(worker);
    if (line == null && lines.size() < MOST_WORKERS) {
      line = new Line(lock.newCondition());
      lines.put(worker, line);
    }
    return line;
  }

  /**
   * A worker was heard of.
   *
   * @return whether there is room for it
   */
  boolean heard(String worker, Duration lease) {
    lock.lock();
    try {
      Line line = line(worker);
      if (line == null) {
        return false;
      }
      line.until = clock.instant().plus(lease);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A worker goes: whatever it was to begin it will not. */
  List<WorkOrder.Begin> forget(String worker) {
    lock.lock();
    try {
      Line line = lines.remove(worker);
      if (line == null) {
        return List.of();
      }
      List<WorkOrder.Begin> left = line.begins.values().stream().map(Held::order).toList();
      left.forEach(begin -> remove(line, begin.id()));
      line.claim = ++lastClaim;
      line.news.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What a worker is to begin and does not know of; it has heard of all that it makes.
   *
   * @param running what it makes
   */
  List<Held> toBegin(String worker, Map<String, Integer> running) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      if (line == null) {
        return List.of();
      }
      for (Held held : List.copyOf(line.begins.values())) {
        Integer attempt = running.get(held.order().id());
        if (attempt != null && held.order().attempt() <= attempt) {
          remove(line, held.order().id());
        }
      }
      line.ends.keySet().removeIf(id -> !running.containsKey(id) && !line.begins.containsKey(id));
      line.told.keySet().retainAll(running.keySet());
      return new ArrayList<>(line.begins.values());
    } finally {
      lock.unlock();
    }
  }

  /** What an attempt was ordered to end for. */
  Optional<Why> toEnd(String worker, String id, int attempt) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      return Optional.ofNullable(line == null ? null : line.ends.get(id))
          .filter(end -> end.attempt() == attempt)
          .map(WorkOrder.End::why);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a worker has not been told of late that an attempt of a job is to end. */
  boolean isNews(String worker, String id) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      Instant told = line == null ? null : line.told.get(id);
      return told == null || told.plus(TOLD_FOR).isBefore(clock.instant());
    } finally {
      lock.unlock();
    }
  }

  /** A worker is told that attempts of these jobs are to end. */
  void told(String worker, Iterable<String> ids) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      if (line != null) {
        ids.forEach(id -> line.told.put(id, clock.instant()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** An attempt is over, or was heard of. */
  void drop(String worker, String id, int attempt) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      if (line == null) {
        return;
      }
      Held held = line.begins.get(id);
      if (held != null && held.order().attempt() <= attempt) {
        remove(line, id);
      }
      WorkOrder.End end = line.ends.get(id);
      if (end != null && end.attempt() <= attempt) {
        line.ends.remove(id);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A worker claims; an earlier claim of its that still waits does so no more.
   *
   * @return the number of the claim
   */
  long enter(String worker) {
    lock.lock();
    try {
      Line line = line(worker);
      if (line == null) {
        return 0;
      }
      line.claims = true;
      line.claim = ++lastClaim;
      line.news.signalAll();
      return line.claim;
    } finally {
      lock.unlock();
    }
  }

  /** A claim has its answer. */
  void leave(String worker, long claim) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      if (line != null && line.claim == claim) {
        line.claims = false;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a claim is the latest of its worker and somebody still answers it. */
  boolean isOpen(String worker, long claim) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      return !closed && line != null && line.claim == claim;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a claim of a worker waits here. */
  boolean claims(String worker) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      return line != null && line.claims;
    } finally {
      lock.unlock();
    }
  }

  /** How many orders of a worker have been taken. */
  long taken(String worker) {
    lock.lock();
    try {
      Line line = lines.get(worker);
      return line == null ? 0 : line.taken;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until more orders of a worker have been taken, or a claim is not to wait any more. */
  void await(String worker, long claim, long taken, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      Line line = lines.get(worker);
      while (line != null && !closed && line.claim == claim && line.taken == taken && left > 0) {
        left = line.news.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops what nobody needs any more, as far as a board tells. */
  public void tidy(JobBoard board) {
    tidy(order -> Standing.isOver(board, order));
  }

  /**
   * Drops what nobody needs any more.
   *
   * @param isOver whether an attempt does not run any more
   */
  void tidy(Predicate<WorkOrder> isOver) {
    List<WorkOrder> all = new ArrayList<>();
    lock.lock();
    try {
      for (Line line : lines.values()) {
        line.begins.values().forEach(held -> all.add(held.order()));
        all.addAll(line.ends.values());
      }
    } finally {
      lock.unlock();
    }
    Instant now = clock.instant();
    for (WorkOrder order : all) {
      boolean late =
          order instanceof WorkOrder.Begin begin && begin.hard().plus(PAST_ITS_LIMIT).isBefore(now);
      if (late || isOver.test(order)) {
        drop(order.worker(), order.id(), order.attempt());
      }
    }
    lock.lock();
    try {
      lines.values().removeIf(line -> line.isOver(now));
    } finally {
      lock.unlock();
    }
  }

  private int waiting() {
    lock.lock();
    try {
      return begins;
    } finally {
      lock.unlock();
    }
  }

  private long workers() {
    Instant now = clock.instant();
    lock.lock();
    try {
      return lines.values().stream().filter(line -> line.until.isAfter(now)).count();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody wait any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      lines.values().forEach(line -> line.news.signalAll());
    } finally {
      lock.unlock();
    }
  }
}
