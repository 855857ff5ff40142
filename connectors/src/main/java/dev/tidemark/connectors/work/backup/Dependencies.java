package dev.tidemark.connectors.work.backup;

import dev.tidemark.contract.catalog.TableName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** In which order tables are filled. Plain arithmetic. */
final class Dependencies {
  private Dependencies() {}

  /**
   * The tables, each after those that it refers to; those that refer to one another come last, as
   * they were.
   *
   * @param references what each table refers to
   */
  static List<TableName> order(List<TableName> tables, Map<TableName, Set<TableName>> references) {
    Set<TableName> left = new LinkedHashSet<>(tables);
    List<TableName> ordered = new ArrayList<>(tables.size());
    boolean found = true;
    while (found) {
      found = false;
      for (TableName table : List.copyOf(left)) {
        boolean waits =
            references.getOrDefault(table, Set.of()).stream()
                .anyMatch(other -> !other.equals(table) && left.contains(other));
        if (!waits) {
          left.remove(table);
          ordered.add(table);
          found = true;
        }
      }
    }
    ordered.addAll(left);
    return ordered;
  }
}
