package dev.tidemark.connectors.write;

import dev.tidemark.connectors.write.WritableColumn.Equality;
import dev.tidemark.connectors.write.WritableColumn.Reading;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.Reference;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The catalog's tables as the database has them; looked up once, and anew when told to. */
final class WritableTables {
  private static final int BYTEA = 17;
  private static final int DATE = 1082;
  private static final int TIMESTAMP = 1114;
  private static final int TIMESTAMP_WITH_ZONE = 1184;
  private static final int INTERVAL = 1186;
  private static final int TIME_WITH_ZONE = 1266;
  private static final int JSON = 114;
  private static final int JSONB = 3802;

  private static final String COLUMNS =
      """
      WITH RECURSIVE base AS (
        SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
          a.attgenerated <> '' AS generated, a.atttypid AS oid
        FROM pg_attribute a
        WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT b.attnum, b.attname, b.type, b.generated, t.typbasetype
        FROM base b JOIN pg_type t ON t.oid = b.oid WHERE t.typtype = 'd')
      SELECT b.attname, b.type, b.generated, b.oid::bigint,
        CASE WHEN t.typcategory = 'A' THEN t.typelem::bigint ELSE 0 END,
        t.typcategory = 'S',
        t.typtype IN ('e', 'r', 'm') OR EXISTS (
          SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
          WHERE o.opcintype = t.oid AND o.opcdefault AND m.amname IN ('btree', 'hash')),
        t.typname IN ('varchar', 'cidr')
      FROM base b JOIN pg_type t ON t.oid = b.oid WHERE t.typtype <> 'd' ORDER BY b.attnum
      """;
  private static final String DEFERRED =
      """
      SELECT EXISTS (SELECT FROM pg_constraint
        WHERE condeferrable AND to_regclass(?) IN (conrelid, confrelid))
      """;

  private final Catalog catalog;
  private final Map<String, EntityType> types = new HashMap<>();
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Map<String, WritableTable> tables = new HashMap<>();

  WritableTables(Catalog catalog) {
    this.catalog = catalog;
    for (EntityType type : catalog.types()) {
      types.put(type.name(), type);
    }
    for (EntityType type : catalog.types()) {
      rank(type, new HashSet<>());
    }
  }

  boolean knows(String type) {
    return types.containsKey(type);
  }

  /** The table of a type that the catalog knows; empty if it is not as the catalog says. */
  Optional<WritableTable> table(Database database, String type) throws SQLException {
    WritableTable known = tables.get(type);
    if (known != null) {
      return Optional.of(known);
    }
    EntityType declared = types.get(type);
    Optional<WritableTable> table = declared == null ? Optional.empty() : look(database, declared);
    table.ifPresent(found -> tables.put(type, found));
    return table;
  }

  /** Looks again next time: the table has changed. */
  void forget(String type) {
    tables.remove(type);
  }

  void forgetAll() {
    tables.clear();
  }

  private Optional<WritableTable> look(Database database, EntityType type) throws SQLException {
    Map<String, WritableColumn> columns = new LinkedHashMap<>();
    PreparedStatement query = database.prepare(COLUMNS);
    query.setString(1, type.table().quoted());
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        int oid = (int) row.getLong(4);
        int element = (int) row.getLong(5);
        columns.put(
            row.getString(1),
            new WritableColumn(
                row.getString(1),
                row.getString(2),
                reading(element == 0 ? oid : element),
                equality(oid, element, row.getBoolean(6), row.getBoolean(7) || row.getBoolean(8)),
                row.getBoolean(3)));
      }
    }
    List<WritableColumn> key = new ArrayList<>();
    for (String name : type.key()) {
      WritableColumn column = columns.get(name);
      if (column == null) {
        return Optional.empty();
      }
      key.add(column);
    }
    int rank = ranks.getOrDefault(type.name(), 0);
    return Optional.of(new WritableTable(type, columns, key, rank, deferred(database, type)));
  }

  private static boolean deferred(Database database, EntityType type) throws SQLException {
    PreparedStatement query = database.prepare(DEFERRED);
    query.setString(1, type.table().quoted());
    try (ResultSet row = query.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static Reading reading(int oid) {
    return switch (oid) {
      case BYTEA -> Reading.BASE64;
      case DATE, TIMESTAMP, TIMESTAMP_WITH_ZONE -> Reading.DATE;
      default -> Reading.AS_IT_IS;
    };
  }

  private static Equality equality(int oid, int element, boolean text, boolean comparable) {
    if (element != 0) {
      return element == TIME_WITH_ZONE ? Equality.ARRAY_OF_TIMES_WITH_ZONE : Equality.ARRAY;
    }
    return switch (oid) {
      case JSON, JSONB -> Equality.JSON;
      case TIME_WITH_ZONE -> Equality.TIME_WITH_ZONE;
      case INTERVAL -> Equality.TEXT;
      default -> text || !comparable ? Equality.TEXT : Equality.ORDINARY;
    };
  }

  /** Parents have smaller ranks. A circle has no order that is right, and any will do. */
  private int rank(EntityType type, Set<String> above) {
    Integer known = ranks.get(type.name());
    if (known != null) {
      return known;
    }
    int rank = 0;
    above.add(type.name());
    for (Reference reference : type.references()) {
      Optional<EntityType> parent = catalog.type(reference.type());
      if (parent.isPresent() && !above.contains(reference.type())) {
        rank = Math.max(rank, 1 + rank(parent.get(), above));
      }
    }
    above.remove(type.name());
    ranks.put(type.name(), rank);
    return rank;
  }
}
