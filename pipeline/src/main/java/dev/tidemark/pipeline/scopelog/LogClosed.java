package dev.tidemark.pipeline.scopelog;

/** The log was closed: the node is stopping, or the log has failed. */
public final class LogClosed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogClosed() {
    super("the scope log is closed");
  }
}
