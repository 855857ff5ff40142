package dev.tidemark.pipeline.scopelog.core;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What {@link LogFold} asks of the log and does to it. One thread. */
public interface LogStore {
  /** The entry of a row in a scope; null if there is none. */
  @Nullable Latest latest(String scope, String type, String id);

  /** The scopes that have an entry for a row. */
  List<String> scopesOf(String type, String id);

  /** All rows of a type and the scopes that have an entry for them, in an order of their own. */
  void rowsOf(String type, Consumer<Row> each);

  /** A row in a scope. */
  record Row(String scope, String id) {}

  /** Puts an entry in the place of the one before it. */
  void replace(String scope, @Nullable Latest before, Entry entry);
}
