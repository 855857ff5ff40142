package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One kind of entity: a table as Tidemark sees it.
 *
 * @param name what the type is called in keys, topics and requests
 * @param description one sentence for the generated documents; may be empty
 * @param table where the rows are
 * @param key the columns that identify a row, in order
 * @param columns the columns that take part; empty means all that the table has
 * @param scopes who may see a row
 * @param references which columns name entities of other types
 * @param merge merge policies by field, where they differ from the default
 */
public record EntityType(
    String name,
    String description,
    TableName table,
    List<String> key,
    List<String> columns,
    List<ScopeTemplate> scopes,
    List<Reference> references,
    Map<String, FieldMerge> merge) {

  public EntityType {
    requireNonNull(name, "name is null");
    requireNonNull(description, "description is null");
    requireNonNull(table, "table is null");
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    scopes = List.copyOf(scopes);
    references = List.copyOf(references);
    merge = Collections.unmodifiableMap(new LinkedHashMap<>(merge));
    if (key.isEmpty()) {
      throw new IllegalArgumentException("entity type " + name + " has no key");
    }
  }
}
