package dev.tidemark.api.cache.tend;

import dev.tidemark.api.cache.CacheSettings;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warms and checks from time to time, in a thread of its own. */
public final class Tending implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tending.class);
  private static final Duration WARM_LOOK = Duration.ofSeconds(5);
  private static final Duration CHECK_FOLLOW = Duration.ofSeconds(1);

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().name("tidemark-cache-tend-", 0).daemon().factory());

  /** Begins. */
  public static Tending start(CacheSettings settings, Warmer warmer, Checker checker) {
    Tending tending = new Tending();
    if (settings.warming()) {
      tending.repeat(warmer::step, WARM_LOOK);
    }
    if (settings.checking().isPositive()) {
      tending.repeat(
          checker::step,
          settings.checking().compareTo(CHECK_FOLLOW) < 0 ? CHECK_FOLLOW : settings.checking());
    }
    return tending;
  }

  private void repeat(Runnable step, Duration every) {
    var _ =
        threads.scheduleWithFixedDelay(
            () -> {
              try {
                step.run();
              } catch (RuntimeException e) {
                LOG.warn("The cache cannot be tended now", e);
              }
            },
            every.toMillis(),
            every.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
