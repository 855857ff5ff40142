package dev.tidemark.connectors.work.http;

import java.io.IOException;

/** A reply has more bytes than whoever asked will take. */
public final class ReplyTooLong extends IOException {
  private static final long serialVersionUID = 1;

  ReplyTooLong(int most) {
    super("the reply has more than %,d bytes".formatted(most));
  }
}
