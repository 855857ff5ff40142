package dev.tidemark.bench.verify.cache.wire;

import java.io.IOException;
import java.util.List;

/** A connection to a node on which several questions go before the first is answered. */
public interface Wire extends AutoCloseable {
  /** A question as it is sent: over HTTP, over HTTP with no-cache, and its path. */
  record Sent(byte[] request, byte[] atOnce, String path) {}

  void send(List<Sent> questions, boolean atOnce) throws IOException;

  /** Reads the next answer. */
  void receive() throws IOException;

  /** As HTTP has it. */
  int status();

  Tier tier();

  /** The body as {@link Values} has it. */
  long value();

  @Override
  void close() throws IOException;
}
