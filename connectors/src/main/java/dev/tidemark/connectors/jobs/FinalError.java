package dev.tidemark.connectors.jobs;

/** A job cannot be done, however often it is tried. */
public final class FinalError extends Exception {
  private static final long serialVersionUID = 1;

  public FinalError(String message) {
    super(message);
  }

  public FinalError(String message, Throwable cause) {
    super(message, cause);
  }
}
