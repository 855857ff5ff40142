package dev.tidemark.connectors.capture;

import dev.tidemark.connectors.capture.CaptureHealth.State;
import dev.tidemark.contract.CapturedTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What capture is doing, told by its thread and read by everyone else. */
final class CaptureStatus {
  /** Heartbeats go through the log all the time, so a position that rests so long is stuck. */
  private static final Duration STALLED_AFTER = Duration.ofSeconds(10);

  private final InstantSource clock;
  private State state = State.STARTING;
  private String detail = "not started yet";
  private Instant since;
  private Instant heartbeat = Instant.EPOCH;
  private Instant progress;
  private @Nullable String alarm;

  CaptureStatus(InstantSource clock) {
    this.clock = clock;
    this.since = clock.instant();
    this.progress = since;
  }

  synchronized void enter(State newState, String newDetail) {
    if (state != newState) {
      since = clock.instant();
    }
    state = newState;
    detail = newDetail;
  }

  synchronized void streaming(List<CapturedTable> stopped) {
    alarm = null;
    progress = clock.instant();
    if (stopped.isEmpty()) {
      enter(State.STREAMING, "changes flow");
    } else {
      enter(
          State.DEGRADED,
          stopped.stream().map(CapturedTable::reason).collect(Collectors.joining("; "))
              + "; tidemark capture accept TYPE takes the new shape");
    }
  }

  synchronized void progressed(Instant now) {
    progress = now;
  }

  synchronized void heartbeat(Instant sentAt) {
    if (sentAt.isAfter(heartbeat)) {
      heartbeat = sentAt;
    }
  }

  /** Asks the running session to end, for this reason. */
  synchronized void raise(String reason) {
    alarm = reason;
  }

  /** The reason why the running session has to end, if there is one; taken once. */
  synchronized Optional<String> alarm() {
    Optional<String> raised = Optional.ofNullable(alarm);
    alarm = null;
    return raised;
  }

  synchronized boolean isStreaming() {
    return state == State.STREAMING || state == State.DEGRADED;
  }

  synchronized CaptureHealth health() {
    Instant now = clock.instant();
    Duration rest = Duration.between(progress, now);
    if (isStreaming() && rest.compareTo(STALLED_AFTER) > 0) {
      return new CaptureHealth(
          State.STALLED,
          "the log moves, but nothing has come through for " + rest.toSeconds() + " s",
          progress,
          heartbeat);
    }
    return new CaptureHealth(state, detail, since, heartbeat);
  }
}
