package dev.tidemark.api.sync;

import java.util.Map;
import java.util.Optional;

/** What is known of the tables' columns. */
@FunctionalInterface
public interface TableColumns {
  /** The columns of a type's table with Postgres' names of their types; empty if not known yet. */
  Optional<Map<String, String>> of(String type);
}
