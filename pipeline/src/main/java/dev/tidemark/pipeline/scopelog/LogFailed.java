package dev.tidemark.pipeline.scopelog;

/** The store of the log does not do its work; nothing that the log could mend. */
public final class LogFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
