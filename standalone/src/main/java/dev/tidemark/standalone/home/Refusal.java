package dev.tidemark.standalone.home;

import java.io.Serial;

/** Something cannot be done, and the message is one sentence that says what to do instead. */
public final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Exit status when what was asked for failed. */
  public static final int FAILED = 1;

  /** Exit status when nothing runs on the data directory. */
  public static final int NOT_RUNNING = 3;

  private final int status;

  public Refusal(String message) {
    this(message, FAILED);
  }

  public Refusal(String message, int status) {
    super(message);
    this.status = status;
  }

  public Refusal(String message, Throwable cause) {
    super(message, cause);
    this.status = FAILED;
  }

  public int status() {
    return status;
  }
}
