package dev.tidemark.connectors.jobs;

import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkOrder.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An attempt that a worker makes. Thread-safe. */
final class Attempt implements JobContext {
  /** How often it is told how far an attempt is, at most. */
  private static final long TOLD_EVERY_NANOS = Duration.ofMillis(200).toNanos();

  private static final int MOST_LINES = 1_000;
  private static final int LONGEST_STATE = 10_000;

  private final WorkOrder.Begin order;
  private final Telling tell;
  private final AtomicInteger lines = new AtomicInteger();
  private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TOLD_EVERY_NANOS);
  private volatile @Nullable Why asked;
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;

  /** How an attempt makes itself heard. */
  interface Telling {
    void say(JobCommand.OfAttempt command);

    void log(String line);

    String submit(String name, NewJob job);

    void forgetEnded(Instant before);
  }

  Attempt(WorkOrder.Begin order, Telling tell) {
    this.order = order;
    this.tell = tell;
  }

  WorkOrder.Begin order() {
    return order;
  }

  /** It is made by the thread that calls. */
  void enter() {
    synchronized (this) {
      thread = Thread.currentThread();
      if (asked != null || stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** It is not made any more; nobody interrupts the thread from now on. */
  void leave() {
    synchronized (this) {
      thread = null;
    }
    // Whoever was late has interrupted what is over.
    var _ = Thread.interrupted();
  }

  /** It has to end. */
  void ask(Why why) {
    synchronized (this) {
      asked = why;
      Thread at = thread;
      if (at != null) {
        at.interrupt();
      }
    }
  }

  /** Its worker has to go, although nobody has asked the attempt to end. */
  void stop() {
    synchronized (this) {
      stopped = true;
      Thread at = thread;
      if (at != null) {
        at.interrupt();
      }
    }
  }

  /** Whether it ends for no fault of its own, and can be made by another worker. */
  boolean isHandedBack() {
    return stopped && asked == null;
  }

  @Override
  public String id() {
    return order.id();
  }

  @Override
  public int attempt() {
    return order.attempt();
  }

  @Override
  public Instant soft() {
    return order.soft();
  }

  @Override
  public Instant hard() {
    return order.hard();
  }

  @Override
  public void progress(int percent, String text) {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException(percent + " % is no progress");
    }
    long now = System.nanoTime();
    long told = toldNanos.get();
    if (now - told >= TOLD_EVERY_NANOS && toldNanos.compareAndSet(told, now)) {
      tell.say(
          new JobCommand.Progressed(order.id(), order.attempt(), order.worker(), percent, text));
    }
  }

  @Override
  public Optional<Why> asked() {
    return Optional.ofNullable(asked);
  }

  @Override
  public void log(String line) {
    int number = lines.incrementAndGet();
    if (number <= MOST_LINES) {
      tell.log(line.length() > JobLog.LONGEST ? line.substring(0, JobLog.LONGEST) : line);
    } else if (number == MOST_LINES + 1) {
      tell.log("No more lines are kept of this attempt.");
    }
  }

  @Override
  public Optional<String> saved() {
    return order.saved();
  }

  @Override
  public void save(String state) {
    if (state.length() > LONGEST_STATE) {
      throw new IllegalArgumentException(
          "%,d characters are too many to be saved; %,d may be"
              .formatted(state.length(), LONGEST_STATE));
    }
    tell.say(new JobCommand.Saved(order.id(), order.attempt(), order.worker(), state));
  }

  @Override
  public String submit(String name, NewJob job) {
    return tell.submit(name, job);
  }

  @Override
  public void forgetEnded(Instant before) {
    tell.forgetEnded(before);
  }
}
