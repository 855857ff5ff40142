package dev.tidemark.connectors.write;

import dev.tidemark.connectors.write.WriterHealth.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the writer is doing, told by its thread and read by everyone else. */
final class WriterStatus {
  private static final Logger LOG = LoggerFactory.getLogger(WriterStatus.class);

  /** A statement may take this long before it is given up, with room to say so. */
  private static final Duration STALLED_AFTER = Duration.ofSeconds(30);

  private final InstantSource clock;
  private State state = State.STARTING;
  private String detail = "not started yet";
  private Instant since;
  private Instant progress;

  WriterStatus(InstantSource clock) {
    this.clock = clock;
    this.since = clock.instant();
    this.progress = since;
  }

  /** Tells that the writer got on, and how it stands now. */
  synchronized void enter(State newState, String newDetail) {
    progress = clock.instant();
    if (state != newState) {
      since = progress;
      if (newState == State.RETRYING) {
        LOG.warn("the writer tries again: {}", newDetail);
      } else {
        LOG.info("the writer is {}: {}", newState, newDetail);
      }
    }
    state = newState;
    detail = newDetail;
  }

  synchronized WriterHealth health() {
    Duration rest = Duration.between(progress, clock.instant());
    if (state == State.WRITING && rest.compareTo(STALLED_AFTER) > 0) {
      return new WriterHealth(
          State.STALLED, "nothing has moved for " + rest.toSeconds() + " s", progress);
    }
    return new WriterHealth(state, detail, since);
  }
}
