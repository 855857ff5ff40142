package dev.tidemark.standalone.cli;

import dev.tidemark.standalone.home.Running;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until the api says that everything behind it works. */
final class Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Http api;

  Readiness(Running running) {
    this.api = new Http(running.api(), Optional.empty());
  }

  void await() throws InterruptedException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < PATIENCE.toNanos()) {
      try {
        if (api.get("/health/readiness").status() == 200) {
          return;
        }
      } catch (IOException e) {
        LOG.debug("The api does not answer yet", e);
      }
      Thread.sleep(POLL);
    }
    LOG.warn(
        "The system is not ready after {} s; ./tidemark status says what it waits for",
        PATIENCE.toSeconds());
  }
}
