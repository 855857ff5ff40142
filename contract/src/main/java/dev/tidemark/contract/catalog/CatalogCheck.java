package dev.tidemark.contract.catalog;

import dev.tidemark.contract.catalog.CatalogFinding.Severity;
import dev.tidemark.contract.catalog.TableShape.Column;
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
   * Compares every type with its table.
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
    return List.copyOf(findings);
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
}
