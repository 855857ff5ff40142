package dev.tidemark.contract.catalog;

import dev.tidemark.contract.catalog.CatalogFinding.Severity;
import dev.tidemark.contract.catalog.TableShape.Column;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.ParameterType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Holds a catalog against the tables that are really there. */
public final class CatalogCheck {
  private CatalogCheck() {}

  /**
   * Compares every type, and what every view says of it, with its table.
   *
   * @param tables the tables that exist, at least those that the catalog names
   * @return what does not fit, in the catalog's order; empty if all does
   */
  public static List<CatalogFinding> against(Catalog catalog, Map<TableName, TableShape> tables) {
    List<CatalogFinding> findings = new ArrayList<>();
    for (EntityType type : catalog.types()) {
      TableShape shape = tables.get(type.table());
      if (shape == null) {
        findings.add(
            new CatalogFinding(
                Severity.ERROR,
                type.name(),
                "there is no table %s; create it, or remove the type from the catalog"
                    .formatted(DidYouMean.hint(type.table().toString(), names(tables)))));
      } else {
        new OfType(type, shape, findings).check(catalog, tables);
      }
    }
    for (CacheView view : catalog.views()) {
      checkView(view, catalog, tables, findings);
    }
    return List.copyOf(findings);
  }

  private static void checkView(
      CacheView view,
      Catalog catalog,
      Map<TableName, TableShape> tables,
      List<CatalogFinding> findings) {
    for (Dependency dependency : view.dependencies()) {
      EntityType type = catalog.type(dependency.type()).orElse(null);
      TableShape shape = type == null ? null : tables.get(type.table());
      if (type != null && shape != null) {
        new OfDependency(view, dependency, type, shape, findings).check();
      }
    }
  }

  private static List<String> names(Map<TableName, TableShape> tables) {
    return tables.keySet().stream().map(TableName::toString).toList();
  }

  /** The check of one type whose table exists. */
  private record OfType(EntityType type, TableShape shape, List<CatalogFinding> findings) {
    void check(Catalog catalog, Map<TableName, TableShape> tables) {
      type.columns().forEach(name -> column(name, "'columns' names it"));
      checkKey();
      for (ScopeTemplate scope : type.scopes()) {
        scope.columns().forEach(name -> column(name, "the scope " + scope + " needs it"));
      }
      for (Reference reference : type.references()) {
        column(reference.column(), "it refers to " + reference.type())
            .ifPresent(column -> checkReference(column, reference, catalog, tables));
      }
      type.merge()
          .forEach(
              (name, merge) ->
                  column(name, "it has the merge policy " + merge.policy().text())
                      .ifPresent(column -> checkMerge(column, merge.policy())));
    }

    private void checkKey() {
      boolean complete = true;
      for (String name : type.key()) {
        Optional<Column> column = column(name, "it is part of the key");
        complete &= column.isPresent();
        if (column.isPresent() && column.get().nullable()) {
          error(
              "the key's column %s of %s may be null; an entity without a key has no name"
                  .formatted(name, type.table()));
        }
      }
      if (complete && !isUnique()) {
        findings.add(
            new CatalogFinding(
                Severity.WARNING,
                type.name(),
                "nothing in %s keeps (%s) unique, so two rows could be one entity; add a primary key or a unique constraint"
                    .formatted(type.table(), String.join(", ", type.key()))));
      }
    }

    private boolean isUnique() {
      Set<String> key = new HashSet<>(type.key());
      return (!shape.primaryKey().isEmpty() && key.containsAll(shape.primaryKey()))
          || shape.uniqueKeys().stream().anyMatch(key::containsAll);
    }

    private void checkReference(
        Column column, Reference reference, Catalog catalog, Map<TableName, TableShape> tables) {
      Optional<Column> target =
          catalog
              .type(reference.type())
              .filter(other -> other.key().size() == 1)
              .flatMap(
                  other ->
                      Optional.ofNullable(tables.get(other.table()))
                          .flatMap(table -> table.column(other.key().getFirst())));
      if (target.isPresent() && !PostgresTypes.sameText(column.type(), target.get().type())) {
        error(
            "the column %s is of type %s and refers to %s, whose key is of type %s"
                .formatted(column.name(), column.type(), reference.type(), target.get().type()));
      }
    }

    private void checkMerge(Column column, MergePolicy policy) {
      switch (policy) {
        case COUNTER -> require(column, policy, PostgresTypes::isNumber, "a number");
        case MAX, MIN ->
            require(column, policy, PostgresTypes::isOrdered, "a number, a date, a time or text");
        case UNION ->
            require(column, policy, PostgresTypes::isListOrJson, "an array or of type json, jsonb");
        case KEYED_LIST ->
            require(column, policy, PostgresTypes::isJsonOrArrayOfIt, "of type json, jsonb");
        case LATEST, SERVER, CLIENT -> {}
      }
    }

    private void require(
        Column column, MergePolicy policy, Predicate<String> fits, String expected) {
      if (!fits.test(column.type())) {
        error(
            "the merge policy %s needs a column that is %s, and %s is of type %s"
                .formatted(policy.text(), expected, column.name(), column.type()));
      }
    }

    private Optional<Column> column(String name, String reason) {
      Optional<Column> column = shape.column(name);
      if (column.isEmpty()) {
        error(
            "the table %s has no column %s, but %s"
                .formatted(type.table(), DidYouMean.hint(name, shape.columnNames()), reason));
      }
      return column;
    }

    private void error(String sentence) {
      findings.add(new CatalogFinding(Severity.ERROR, type.name(), sentence));
    }
  }

  /** The check of what a view says of one type whose table exists. */
  private record OfDependency(
      CacheView view,
      Dependency dependency,
      EntityType type,
      TableShape shape,
      List<CatalogFinding> findings) {
    void check() {
      dependency
          .keys()
          .forEach(
              (parameter, name) ->
                  column(name, "it is to give the parameter " + parameter)
                      .ifPresent(column -> checkType(parameter, column)));
      dependency.columns().forEach(name -> column(name, "'columns' names it"));
    }

    private void checkType(String parameter, Column column) {
      ParameterType expected = view.parameters().get(parameter);
      if (expected != null && !expected.suits(column.base())) {
        error(
            "the parameter %s is of type %s and the column %s of %s of type %s, so a change comes to another key than a request; map a column of the parameter's type"
                .formatted(parameter, expected.text(), column.name(), type.table(), column.type()));
      }
    }

    private Optional<Column> column(String name, String reason) {
      Optional<Column> column = shape.column(name);
      if (column.isEmpty()) {
        error(
            "the table %s has no column %s, but %s"
                .formatted(type.table(), DidYouMean.hint(name, shape.columnNames()), reason));
      }
      return column;
    }

    private void error(String sentence) {
      findings.add(
          new CatalogFinding(Severity.ERROR, CatalogFinding.ofView(view.name()), sentence));
    }
  }
}
