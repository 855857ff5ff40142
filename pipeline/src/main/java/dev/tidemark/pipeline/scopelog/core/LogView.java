package dev.tidemark.pipeline.scopelog.core;

import java.util.Iterator;
import java.util.Optional;

/** The log as it was at one moment. To be closed by whoever opened it. */
public interface LogView extends AutoCloseable {
  /** Behind everything that is in it. */
  Position end();

  /**
   * What came before this was built from a compacted topic: of such an entry nobody knows since
   * when the row was in the scope.
   */
  Position built();

  /** Removals before this are forgotten. */
  Position horizon();

  /** The entries of a scope from a position on, in order. */
  Entries entries(String scope, Position from);

  /** Where the entry of a row in a scope is. */
  Optional<Latest> latest(String scope, String type, String id);

  /** The last entry of a scope. */
  Optional<Entry> last(String scope);

  /** Entries in order; to be closed. */
  interface Entries extends Iterator<Entry>, AutoCloseable {
    @Override
    void close();
  }

  @Override
  void close();
}
