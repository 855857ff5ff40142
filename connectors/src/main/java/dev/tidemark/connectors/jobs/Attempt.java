package dev.tidemark.connectors.jobs;

import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkOrder.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attempt that a worker makes. Thread-safe. */
final class Attempt implements JobContext {
  /** How often it is told how far an attempt is, at most. */
  private static final long TOLD_EVERY_NANOS = Duration.ofMillis(200).toNanos();

  private final WorkOrder.Begin order;
  private final Consumer<JobCommand> tell;
  private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TOLD_EVERY_NANOS);
  private volatile @Nullable Why asked;
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;

  Attempt(WorkOrder.Begin order, Consumer<JobCommand> tell) {
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
      tell.accept(
          new JobCommand.Progressed(order.id(), order.attempt(), order.worker(), percent, text));
    }
  }

  @Override
  public Optional<Why> asked() {
    return Optional.ofNullable(asked);
  }
}
