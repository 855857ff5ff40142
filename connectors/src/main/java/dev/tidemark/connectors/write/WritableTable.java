package dev.tidemark.connectors.write;

import dev.tidemark.contract.catalog.EntityType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table as statements need it.
 *
 * @param columns by name
 * @param key the key's columns, in the catalog's order
 * @param rank how many tables have to be written before it
 * @param deferred whether a constraint of it may be checked as late as the commit
 */
record WritableTable(
    EntityType type,
    Map<String, WritableColumn> columns,
    List<WritableColumn> key,
    int rank,
    boolean deferred) {
  WritableTable {
    columns = Map.copyOf(columns);
    key = List.copyOf(key);
  }

  @Nullable WritableColumn column(String name) {
    return columns.get(name);
  }

  String quoted() {
    return type.table().quoted();
  }
}
