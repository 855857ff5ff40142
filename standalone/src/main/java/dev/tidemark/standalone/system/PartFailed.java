package dev.tidemark.standalone.system;

import java.io.Serial;

/** A part did not start, for a reason that its libraries give. */
public final class PartFailed extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  PartFailed(String part, Exception cause) {
    super(part + " does not start: " + cause.getMessage(), cause);
  }
}
