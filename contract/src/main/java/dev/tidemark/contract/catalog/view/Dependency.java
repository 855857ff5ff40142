package dev.tidemark.contract.catalog.view;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which changed rows of an entity type make which answers untrue. Both images of a row count: an
 * appointment that moves makes two days untrue.
 *
 * @param type the entity type
 * @param keys which column of the row is which parameter; with all parameters a row names one
 *     answer, with some of them a group, with none every answer of the view
 * @param rows columns of the answer that name entities of the type: a changed row then makes those
 *     answers untrue in which it was found. Empty unless the dependency is of this kind, and then
 *     {@code keys} is empty
 * @param columns the columns that matter; an update of others alone changes nothing. Empty if all
 *     do
 */
public record Dependency(
    String type, Map<String, String> keys, List<String> rows, List<String> columns) {
  public Dependency {
    requireNonNull(type, "type is null");
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    if (!keys.isEmpty() && !rows.isEmpty()) {
      throw new IllegalArgumentException(
          "a dependency on " + type + " goes by keys or by rows, not by both");
    }
  }
}
