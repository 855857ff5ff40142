package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.view.CacheView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that Tidemark knows about the database it serves, as the catalog file declares it.
 *
 * @param types the entity types
 * @param views the queries whose answers are kept
 * @param jobs the work that is done
 */
public record Catalog(List<EntityType> types, List<CacheView> views, JobCatalog jobs) {
  public Catalog {
    types = List.copyOf(types);
    views = List.copyOf(views);
    requireNonNull(jobs, "jobs is null");
    Map<String, EntityType> byName = new LinkedHashMap<>();
    Map<TableName, EntityType> byTable = new LinkedHashMap<>();
    for (EntityType type : types) {
      if (byName.put(type.name(), type) != null) {
        throw new IllegalArgumentException("two entity types are called " + type.name());
      }
      if (byTable.put(type.table(), type) != null) {
        throw new IllegalArgumentException("two entity types share the table " + type.table());
      }
    }
  }

  /** A catalog without jobs. */
  public Catalog(List<EntityType> types, List<CacheView> views) {
    this(types, views, JobCatalog.NONE);
  }

  /** A catalog without views and jobs. */
  public Catalog(List<EntityType> types) {
    this(types, List.of());
  }

  public Optional<CacheView> view(String name) {
    return views.stream().filter(view -> view.name().equals(name)).findFirst();
  }

  public Optional<EntityType> type(String name) {
    for (EntityType type : types) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  public Optional<EntityType> typeOf(TableName table) {
    return types.stream().filter(type -> type.table().equals(table)).findFirst();
  }
}
