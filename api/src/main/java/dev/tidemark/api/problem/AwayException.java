package dev.tidemark.api.problem;

import org.jspecify.annotations.Nullable;

/** A part behind the api does not answer right now. */
public final class AwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AwayException(String why, @Nullable Throwable cause) {
    super(why, cause);
  }
}
