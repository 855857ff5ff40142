package dev.tidemark.pipeline.jobs;

import java.time.Duration;

/**
 * When what a thread has decided is to be committed. A commit costs the brokers as much as a dozen
 * jobs: where little is to be done each decision is committed at once, and where there is much many
 * are committed together. Not thread-safe.
 */
final class CommitPace {
  /** Who has so many commands in a window can afford a commit for each. */
  private static final int FEW = 8;

  /** So many in a window are worth the longest wait. */
  private static final int MANY = 160;

  private final long shortestNanos;

  /** After so long Streams commits by itself. */
  private final long windowNanos;

  private long began;
  private int before;
  private int commands;
  private long asked;
  private boolean waiting;

  CommitPace(Duration longest, long nowNanos) {
    windowNanos = longest.toNanos();
    shortestNanos = windowNanos / 4;
    began = nowNanos;
    asked = nowNanos;
  }

  /** A command has been taken. */
  void taken(long nowNanos) {
    roll(nowNanos);
    commands++;
  }

  /** Something has been decided that others wait for. */
  void decided() {
    waiting = true;
  }

  /** Whether a commit is to be asked for now. */
  boolean isDue(long nowNanos) {
    if (!waiting) {
      return false;
    }
    roll(nowNanos);
    int many = Math.max(before, commands);
    if (many >= MANY) {
      return false;
    }
    long wait = many <= FEW ? 0 : Math.max(shortestNanos, windowNanos * many / MANY);
    if (nowNanos - asked < wait) {
      return false;
    }
    asked = nowNanos;
    waiting = false;
    return true;
  }

  private void roll(long nowNanos) {
    long passed = (nowNanos - began) / windowNanos;
    if (passed > 0) {
      before = passed == 1 ? commands : 0;
      commands = 0;
      began += passed * windowNanos;
    }
  }
}
