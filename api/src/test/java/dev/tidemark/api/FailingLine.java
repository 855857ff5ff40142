package dev.tidemark.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.live.Ending;
import dev.tidemark.api.live.Line;

/** The way to a listener that fails as soon as there is something to tell, and when it ends. */
final class FailingLine implements Line {
  private volatile boolean live;
  private volatile boolean ended;

  boolean isLive() {
    return live;
  }

  boolean isEnded() {
    return ended;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public void changes(byte[] changes, String cursor) {
    throw new IllegalStateException("the connection is gone");
  }

  @Override
  public void caughtUp(String cursor) {
    live = true;
  }

  @Override
  public void outcome(ObjectNode outcome) {
    throw new IllegalStateException("the connection is gone");
  }

  @Override
  public void heartbeat(String cursor) {
    // Nobody hears it.
  }

  @Override
  public void ask() {
    // Nobody is asked.
  }

  @Override
  public void end(Ending ending) {
    ended = true;
    throw new IllegalStateException("the connection is gone");
  }
}
