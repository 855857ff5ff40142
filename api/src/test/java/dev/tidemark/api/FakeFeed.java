package dev.tidemark.api;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.pull.ChangeFeed;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Position;
import java.time.Duration;

/** A node that has no log yet. */
final class FakeFeed implements ChangeFeed {
  @Override
  public LogView view() {
    throw new AwayException("this node is still reading the log", null);
  }

  @Override
  public String log() {
    return "a-log";
  }

  @Override
  public boolean awaitPresent(Duration atMost) {
    return true;
  }

  @Override
  public boolean await(Position position, Duration atMost) {
    return true;
  }
}
