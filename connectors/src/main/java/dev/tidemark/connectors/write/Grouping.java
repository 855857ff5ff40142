package dev.tidemark.connectors.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.RowEffect;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the writes of a transaction into groups, in the order in which they have to be carried out:
 * parents are made before children, and go after them.
 */
final class Grouping {
  private static final Comparator<RowGroup> ORDER =
      Comparator.comparing((RowGroup group) -> group.shape().effect())
          .thenComparingInt(
              group -> {
                int rank = group.shape().table().rank();
                return group.shape().effect() == Effect.DELETE ? -rank : rank;
              });

  /** A write that cannot even be put into a statement, and why. */
  record Unfit(Pending pending, ObjectNode error) {}

  /** All writes, in groups or unfit. */
  record Grouped(List<RowGroup> groups, List<Unfit> unfit) {
    Grouped {
      groups = List.copyOf(groups);
      unfit = List.copyOf(unfit);
    }
  }

  /** The names of what a write needs; equal names lead to an equal shape. */
  private record Names(
      String type, Effect effect, boolean absent, List<String> set, List<String> expected) {}

  private final WritableTables tables;
  private final Database database;

  Grouping(WritableTables tables, Database database) {
    this.tables = tables;
    this.database = database;
  }

  Grouped group(List<Pending> writes) throws SQLException {
    Map<Names, List<Pending>> named = new LinkedHashMap<>();
    for (Pending pending : writes) {
      named.computeIfAbsent(names(pending), names -> new ArrayList<>()).add(pending);
    }
    List<RowGroup> groups = new ArrayList<>(named.size());
    List<Unfit> unfit = new ArrayList<>();
    for (Map.Entry<Names, List<Pending>> entry : named.entrySet()) {
      ObjectNode error = add(entry.getKey(), entry.getValue(), groups, unfit).orElse(null);
      if (error != null) {
        entry.getValue().forEach(pending -> unfit.add(new Unfit(pending, error)));
      }
    }
    groups.sort(ORDER);
    return new Grouped(groups, unfit);
  }

  private Optional<ObjectNode> add(
      Names names, List<Pending> writes, List<RowGroup> groups, List<Unfit> unfit)
      throws SQLException {
    if (!tables.knows(names.type())) {
      return Optional.of(
          Errors.of("unknown_type", "the catalog has no entity type " + names.type()));
    }
    Optional<WritableTable> found = tables.table(database, names.type());
    if (found.isPresent() && !hasAll(found.get(), names)) {
      tables.forget(names.type());
      found = tables.table(database, names.type());
    }
    if (found.isEmpty()) {
      return Optional.of(
          Errors.of("table_missing", "the database has no such table, or not with that key"));
    }
    WritableTable table = found.get();
    List<WritableColumn> set = new ArrayList<>(names.set().size());
    List<WritableColumn> expected = new ArrayList<>(names.expected().size());
    for (String name : names.set()) {
      WritableColumn column = table.column(name);
      if (column == null) {
        return Optional.of(unknown(name));
      }
      if (column.generated()) {
        return Optional.of(
            Errors.of("generated_column", "the database computes " + name + " itself")
                .put("column", name));
      }
      if (names.effect() != Effect.INSERT || !table.key().contains(column)) {
        set.add(column);
      }
    }
    for (String name : names.expected()) {
      WritableColumn column = table.column(name);
      if (column == null) {
        return Optional.of(unknown(name));
      }
      expected.add(column);
    }
    RowGroup.Shape shape = new RowGroup.Shape(table, names.effect(), names.absent(), set, expected);
    List<Pending> fit = new ArrayList<>(writes.size());
    for (Pending pending : writes) {
      Optional<ObjectNode> error = unreadable(shape, pending);
      if (error.isEmpty()) {
        fit.add(pending);
      } else {
        unfit.add(new Unfit(pending, error.get()));
      }
    }
    if (!fit.isEmpty()) {
      groups.add(new RowGroup(shape, fit));
    }
    return Optional.empty();
  }

  private static ObjectNode unknown(String name) {
    return Errors.of("unknown_column", "the table has no column " + name).put("column", name);
  }

  private static boolean hasAll(WritableTable table, Names names) {
    return table.columns().keySet().containsAll(names.set())
        && table.columns().keySet().containsAll(names.expected());
  }

  /** Values that are not even in the contract's form would spoil the statement for all. */
  private static Optional<ObjectNode> unreadable(RowGroup.Shape shape, Pending pending) {
    try {
      List<WritableColumn> key = shape.table().key();
      List<String> parts = Values.keyParts(pending.write().key(), key.size());
      for (int i = 0; i < key.size(); i++) {
        Values.readable(key.get(i).reading(), parts.get(i));
      }
    } catch (IllegalArgumentException e) {
      return Optional.of(Errors.of("invalid_value", "the id is no key of the table"));
    }
    Optional<ObjectNode> error = unreadable(shape.set(), written(pending));
    return error.isPresent() ? error : unreadable(shape.expected(), expected(pending));
  }

  private static Optional<ObjectNode> unreadable(List<WritableColumn> columns, ObjectNode values) {
    for (WritableColumn column : columns) {
      JsonNode value = values.get(column.name());
      if (value == null || column.reading() == WritableColumn.Reading.AS_IT_IS) {
        continue;
      }
      try {
        Values.readable(column, value);
      } catch (IllegalArgumentException e) {
        return Optional.of(
            Errors.of("invalid_value", column.name() + " cannot hold this value")
                .put("column", column.name()));
      }
    }
    return Optional.empty();
  }

  private static Names names(Pending pending) {
    return new Names(
        pending.write().key().type(),
        pending.effect(),
        pending.write().expected() instanceof Expected.Absent,
        fieldNames(written(pending)),
        fieldNames(expected(pending)));
  }

  private static List<String> fieldNames(ObjectNode node) {
    if (node.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(node.size());
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static ObjectNode written(Pending pending) {
    return switch (pending.write().effect()) {
      case RowEffect.Insert(ObjectNode row) -> row;
      case RowEffect.Update(ObjectNode patch) -> patch;
      case RowEffect.Delete _, RowEffect.None _ -> Errors.nothing();
    };
  }

  private static ObjectNode expected(Pending pending) {
    return pending.write().expected() instanceof Expected.Present(ObjectNode values)
        ? values
        : Errors.nothing();
  }
}
