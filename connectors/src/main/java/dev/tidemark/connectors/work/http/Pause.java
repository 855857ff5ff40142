package dev.tidemark.connectors.work.http;

import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
public interface Pause {
  /** Sleeps. */
  Pause SLEEP = Thread::sleep;

  void pause(Duration time) throws InterruptedException;
}
