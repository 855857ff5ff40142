package dev.tidemark.api.cache;

import dev.tidemark.api.problem.AwayException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one caller do for a key what several want, while the others wait. */
final class Flights<T> {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, CompletableFuture<T>> flying = new HashMap<>();
  private final Map<String, CompletableFuture<T>> waiting = new HashMap<>();

  /** What came of it, and whether the caller did it himself. */
  record Landed<T>(T value, boolean mine) {}

  /** Does it, or waits for whoever is doing it already. */
  Landed<T> join(String key, Supplier<T> work) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<T> other;
    lock.lock();
    try {
      other = flying.putIfAbsent(key, mine);
    } finally {
      lock.unlock();
    }
    return other == null
        ? new Landed<>(fly(key, mine, work), true)
        : new Landed<>(await(other), false);
  }

  /**
   * Does it in such a way that it begins after the call, as each caller may demand who wants what
   * is true by now. Whoever asks while one is being done shares the next.
   */
  Landed<T> joinNext(String key, Supplier<T> work) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<T> next;
    lock.lock();
    try {
      next = waiting.putIfAbsent(key, mine);
    } finally {
      lock.unlock();
    }
    if (next != null) {
      return new Landed<>(await(next), false);
    }
    try {
      while (true) {
        CompletableFuture<T> before;
        lock.lock();
        try {
          before = flying.putIfAbsent(key, mine);
          if (before == null) {
            waiting.remove(key, mine);
            break;
          }
        } finally {
          lock.unlock();
        }
        settled(before);
      }
    } catch (RuntimeException e) {
      lock.lock();
      try {
        waiting.remove(key, mine);
      } finally {
        lock.unlock();
      }
      mine.completeExceptionally(e);
      throw e;
    }
    return new Landed<>(fly(key, mine, work), true);
  }

  /** Whether somebody is doing it. */
  boolean isFlying(String key) {
    lock.lock();
    try {
      return flying.containsKey(key);
    } finally {
      lock.unlock();
    }
  }

  private T fly(String key, CompletableFuture<T> mine, Supplier<T> work) {
    try {
      T value = work.get();
      mine.complete(value);
      return value;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      lock.lock();
      try {
        flying.remove(key, mine);
      } finally {
        lock.unlock();
      }
    }
  }

  private static <T> T await(CompletableFuture<T> other) {
    try {
      return other.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new AwayException("the answer is still being fetched", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    }
  }

  private static <T> void settled(CompletableFuture<T> other) {
    try {
      var _ = await(other);
    } catch (AwayException e) {
      if (!other.isDone()) {
        throw e;
      }
    } catch (RuntimeException _) {
      // How it ended is for those who wanted it.
    }
  }
}
