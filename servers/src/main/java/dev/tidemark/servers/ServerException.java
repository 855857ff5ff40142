package dev.tidemark.servers;

import java.io.Serial;

/** A server could not be started or stopped; the message is a sentence for the operator. */
public final class ServerException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public ServerException(String message) {
    super(message);
  }

  public ServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
