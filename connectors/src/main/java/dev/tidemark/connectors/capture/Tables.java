package dev.tidemark.connectors.capture;

import dev.tidemark.connectors.capture.encoding.TablePlan;
import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.CapturedTable.State;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The captured tables: how each is written in its present shape, and whether readers can follow
 * that shape. A table that only gained columns goes on; one that lost, renamed or retyped a column
 * stops alone, and the others do not notice. Not thread-safe.
 */
final class Tables {
  private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

  private final Map<TableName, EntityType> types = new HashMap<>();
  private final Map<String, CapturedTable> known;
  private final IdentityHashMap<Schema, TablePlan> plans = new IdentityHashMap<>();
  private final Map<String, CapturedTable> unsaved = new LinkedHashMap<>();

  Tables(List<EntityType> types, Map<String, CapturedTable> known) {
    types.forEach(type -> this.types.put(type.table(), type));
    this.known = new HashMap<>(known);
  }

  Optional<EntityType> type(String schema, String table) {
    return Optional.ofNullable(types.get(new TableName(schema, table)));
  }

  /** How rows of this schema are written. */
  TablePlan plan(EntityType type, Schema row) {
    TablePlan plan = plans.get(row);
    if (plan == null) {
      plan = TablePlan.of(type, row);
      plans.put(row, plan);
      compare(type, plan.shape());
    }
    return plan;
  }

  /** Why changes of this type do not flow, if they do not. */
  Optional<String> stopped(EntityType type) {
    CapturedTable table = known.get(type.name());
    return table != null && table.state() == State.STOPPED
        ? Optional.of(table.reason())
        : Optional.empty();
  }

  List<EntityType> types() {
    return List.copyOf(types.values());
  }

  /** Types whose existing rows still have to be read. */
  List<EntityType> toRead() {
    List<EntityType> missing = new ArrayList<>();
    for (EntityType type : types.values()) {
      CapturedTable table = known.get(type.name());
      if (table == null || table.state() == State.READING) {
        missing.add(type);
      }
    }
    return missing;
  }

  List<CapturedTable> stopped() {
    return known.values().stream().filter(table -> table.state() == State.STOPPED).toList();
  }

  /** Notes that the rows of a type are about to be read. */
  void reading(EntityType type) {
    CapturedTable table = known.get(type.name());
    put(
        new CapturedTable(
            type.name(), State.READING, table == null ? Map.of() : table.columns(), ""));
  }

  /** Notes that all rows of a type were read. */
  void read(EntityType type) {
    CapturedTable table = known.get(type.name());
    if (table == null || table.state() != State.STOPPED) {
      put(
          new CapturedTable(
              type.name(), State.LIVE, table == null ? Map.of() : table.columns(), ""));
    }
  }

  /** Takes the present shape of a type's table, whatever it is, as the one readers know. */
  void accept(EntityType type) {
    plans.values().removeIf(plan -> plan.type().equals(type));
    put(new CapturedTable(type.name(), State.READING, Map.of(), ""));
  }

  /** What has changed since the last call and has to be stored. */
  List<CapturedTable> takeUnsaved() {
    List<CapturedTable> changed = List.copyOf(unsaved.values());
    unsaved.clear();
    return changed;
  }

  boolean hasUnsaved() {
    return !unsaved.isEmpty();
  }

  private void compare(EntityType type, Map<String, String> shape) {
    CapturedTable table = known.get(type.name());
    if (table == null || table.columns().isEmpty()) {
      put(new CapturedTable(type.name(), table == null ? State.READING : table.state(), shape, ""));
      return;
    }
    if (table.columns().equals(shape) || table.state() == State.STOPPED) {
      return;
    }
    Optional<String> breakage = breakage(table.columns(), shape);
    if (breakage.isEmpty()) {
      LOG.info("table {} gained columns: {}", type.table(), shape.keySet());
      put(new CapturedTable(type.name(), table.state(), shape, ""));
      return;
    }
    String reason = "table " + type.table() + " " + breakage.get();
    LOG.error(
        "{}: its inserts and updates go to the dead-letter topic until the new shape is accepted"
            + " with: tidemark capture accept {}",
        reason,
        type.name());
    put(new CapturedTable(type.name(), State.STOPPED, table.columns(), reason));
  }

  private void put(CapturedTable table) {
    known.put(table.type(), table);
    unsaved.put(table.type(), table);
  }

  private static Optional<String> breakage(Map<String, String> known, Map<String, String> shape) {
    for (Map.Entry<String, String> column : known.entrySet()) {
      String now = shape.get(column.getKey());
      if (now == null) {
        return Optional.of("has no column " + column.getKey() + " any more");
      }
      if (!now.equals(column.getValue())) {
        return Optional.of(
            "has changed column " + column.getKey() + " from " + column.getValue() + " to " + now);
      }
    }
    return Optional.empty();
  }
}
