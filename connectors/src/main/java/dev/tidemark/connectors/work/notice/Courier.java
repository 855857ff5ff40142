package dev.tidemark.connectors.work.notice;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Carries messages. Thread-safe. */
@FunctionalInterface
public interface Courier {
  /**
   * Takes messages over. Those whose key it knows it has already; when it fails, all may be given
   * to it again.
   */
  void take(List<Message> messages) throws IOException, SQLException;
}
