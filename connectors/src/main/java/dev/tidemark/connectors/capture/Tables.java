package dev.tidemark.connectors.capture;

import dev.tidemark.connectors.capture.encoding.TablePlan;
import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.CapturedTable.State;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The captured tables: how each is written in its present shape, whether readers can follow that
 * shape, and by which scopes its rows were told. A table that only gained columns goes on; one that
 * lost, renamed or retyped a column stops alone, and the others do not notice. Not thread-safe.
 */
final class Tables {
  private static final Logger LOG = LoggerFactory.getLogger(Tables.class);
  private static final int MOST_REMEMBERED = 1_000_000;

  private final Map<TableName, EntityType> types = new HashMap<>();
  private final Map<String, CapturedTable> known;
  private final IdentityHashMap<Schema, TablePlan> plans = new IdentityHashMap<>();
  private final Map<String, CapturedTable> unsaved = new LinkedHashMap<>();

  /**
   * Types of whose rows some were told by scopes that their present and old values may not show.
   */
  private final Set<String> told = new HashSet<>();

  /** Of types whose rows are being read: the rows that were told of changes since that began. */
  private final Map<String, Set<String>> toldSince = new HashMap<>();

  Tables(List<EntityType> types, Map<String, CapturedTable> known) {
    types.forEach(type -> this.types.put(type.table(), type));
    this.known = new HashMap<>(known);
    for (EntityType type : types) {
      if (!recorded(type).isEmpty()) {
        told.add(type.name());
      }
    }
  }

  /**
   * Of tables that a snapshot will read whole.
   *
   * @param former how they were known when changes were lost; empty if there was nothing before
   */
  static Tables unread(List<EntityType> types, Optional<Map<String, CapturedTable>> former) {
    Tables tables = new Tables(types, former.orElse(Map.of()));
    tables.known.clear();
    if (former.isPresent()) {
      types.stream()
          .filter(type -> !type.scopes().isEmpty())
          .forEach(type -> tables.told.add(type.name()));
    }
    return tables;
  }

  Optional<EntityType> type(String schema, String table) {
    return Optional.ofNullable(types.get(new TableName(schema, table)));
  }

  Optional<EntityType> type(String name) {
    return types.values().stream().filter(type -> type.name().equals(name)).findFirst();
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

  /** Whether scopes are told of the changes of this type, or have been. */
  boolean isTold(EntityType type) {
    return !type.scopes().isEmpty() || told.contains(type.name());
  }

  /** Whether a row of this type that is read now may have been told to scopes that nobody knows. */
  boolean wasTold(EntityType type) {
    return told.contains(type.name());
  }

  /**
   * Whether even the old values of a row do not show to whom it was told: it was by other scopes,
   * or its changes did not flow, and it was not read since.
   */
  boolean isUncertain(EntityType type) {
    CapturedTable table = known.get(type.name());
    return told.contains(type.name())
        && (table == null || table.state() != State.LIVE || table.telling());
  }

  /** Notes that scopes were told of a change of a row. */
  void toldNow(EntityType type, EntityKey key) {
    Set<String> since = toldSince.get(type.name());
    if (since != null && since.size() < MOST_REMEMBERED) {
      since.add(key.id());
    }
  }

  /**
   * Whether scopes were told of a change of a row after the present reading had begun: they know it
   * with the version of that change, and what is read of it is nothing new.
   */
  boolean isToldSince(EntityType type, EntityKey key) {
    Set<String> since = toldSince.get(type.name());
    return since != null && since.contains(key.id());
  }

  List<EntityType> types() {
    return List.copyOf(types.values());
  }

  /** Types whose existing rows still have to be read, or to be told by the scopes of now. */
  List<EntityType> toRead() {
    List<EntityType> missing = new ArrayList<>();
    for (EntityType type : types.values()) {
      CapturedTable table = known.get(type.name());
      if (table == null
          || table.state() == State.READING
          || (table.state() == State.LIVE && (table.telling() || !isToldAsNow(table, type)))) {
        missing.add(type);
      }
    }
    return missing;
  }

  /**
   * Whether rows of this type were told by other scopes than those of now, and no reading that
   * makes up for it has begun.
   */
  boolean hasOtherScopes(EntityType type) {
    CapturedTable table = known.get(type.name());
    if (table == null || table.scopes().isEmpty() || table.state() == State.STOPPED) {
      return false;
    }
    boolean begun = table.state() == State.READING || table.telling();
    return begun ? !table.scopes().containsAll(texts(type)) : !isToldAsNow(table, type);
  }

  List<CapturedTable> stopped() {
    return known.values().stream().filter(table -> table.state() == State.STOPPED).toList();
  }

  /** Notes that the rows of a type are about to be read. */
  void reading(EntityType type) {
    toldSince.put(type.name(), new HashSet<>());
    CapturedTable table = known.get(type.name());
    put(type, State.READING, table == null ? Map.of() : table.columns(), "", false);
  }

  /**
   * Notes that the rows of a type are about to be read when capture starts. Where only scopes are
   * behind, the table stays live: what readers of changes know of it is whole.
   */
  void readingAtStart(EntityType type) {
    CapturedTable table = known.get(type.name());
    if (table != null && table.state() == State.LIVE) {
      toldSince.put(type.name(), new HashSet<>());
      put(type, State.LIVE, table.columns(), "", true);
    } else {
      reading(type);
    }
  }

  /** Notes that all rows of a type were read. */
  void read(EntityType type) {
    CapturedTable table = known.get(type.name());
    if (table != null && table.state() == State.STOPPED) {
      return;
    }
    toldSince.remove(type.name());
    put(
        new CapturedTable(
            type.name(),
            State.LIVE,
            table == null ? Map.of() : table.columns(),
            "",
            texts(type),
            false));
    if (type.scopes().isEmpty()) {
      told.remove(type.name());
    } else {
      told.add(type.name());
    }
  }

  /** Takes the present shape of a type's table, whatever it is, as the one readers know. */
  void accept(EntityType type) {
    plans.values().removeIf(plan -> plan.type().equals(type));
    toldSince.put(type.name(), new HashSet<>());
    put(type, State.READING, Map.of(), "", false);
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
      State state = table == null ? State.READING : table.state();
      put(type, state, shape, "", table != null && table.telling());
      return;
    }
    if (table.columns().equals(shape) || table.state() == State.STOPPED) {
      return;
    }
    Optional<String> breakage = breakage(table.columns(), shape);
    if (breakage.isEmpty()) {
      LOG.info("table {} gained columns: {}", type.table(), shape.keySet());
      put(type, table.state(), shape, "", table.telling());
      return;
    }
    String reason = "table " + type.table() + " " + breakage.get();
    LOG.error(
        "{}: its inserts and updates go to the dead-letter topic until the new shape is accepted"
            + " with: tidemark capture accept {}",
        reason,
        type.name());
    put(type, State.STOPPED, table.columns(), reason, false);
    // What is put aside tells no scope that it has lost a row.
    if (!type.scopes().isEmpty()) {
      told.add(type.name());
    }
  }

  /**
   * While rows are being read, some are told by the scopes of now and the others still by former
   * ones: both are on record, so that whoever begins again knows of them.
   */
  private void put(
      EntityType type, State state, Map<String, String> columns, String reason, boolean telling) {
    Set<String> scopes = new LinkedHashSet<>(recorded(type));
    if (state == State.READING || telling) {
      scopes.addAll(texts(type));
    }
    put(new CapturedTable(type.name(), state, columns, reason, List.copyOf(scopes), telling));
  }

  private void put(CapturedTable table) {
    known.put(table.type(), table);
    unsaved.put(table.type(), table);
  }

  private List<String> recorded(EntityType type) {
    CapturedTable table = known.get(type.name());
    return table == null ? List.of() : table.scopes();
  }

  private static List<String> texts(EntityType type) {
    return type.scopes().stream().map(ScopeTemplate::text).toList();
  }

  /** In whatever order. */
  private static boolean isToldAsNow(CapturedTable table, EntityType type) {
    return Set.copyOf(table.scopes()).equals(Set.copyOf(texts(type)));
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
