package dev.tidemark.servers;

import java.time.Duration;

/** A server on this machine. It starts, stops and starts again on the same data and port. */
public interface Server extends AutoCloseable {
  /** What it is, in a word: {@code postgres}. */
  String name();

  /**
   * Starts it and returns when it accepts connections.
   *
   * @throws ServerException if it does not start, with a sentence that says what to do
   */
  void start();

  /** Stops it in an orderly way; its data stays. Does nothing if it does not run. */
  void stop();

  default void restart() {
    stop();
    start();
  }

  boolean isRunning();

  /** The port it listens on, on 127.0.0.1. It stays the same over restarts. */
  int port();

  /** How long the last start took. */
  Duration startedIn();

  /** Stops it, and removes its data if the data directory is a temporary one. */
  @Override
  void close();
}
