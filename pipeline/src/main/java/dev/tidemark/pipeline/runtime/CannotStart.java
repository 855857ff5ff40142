package dev.tidemark.pipeline.runtime;

import java.io.Serial;

/** A topology cannot start on this cluster; the message says what to do. */
public final class CannotStart extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  CannotStart(String message) {
    super(message);
  }

  CannotStart(String message, Throwable cause) {
    super(message, cause);
  }
}
