package dev.tidemark.contract.postgres;

import dev.tidemark.contract.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a query reads, as Postgres itself noted it when the query became a view. Views that it reads
 * are followed down to tables.
 *
 * @param tables what it reads of which table, by the names
 * @param functions functions that it calls and that do not answer by their arguments alone, by
 *     their signatures, with what is doubtful about them
 * @param asksTheTime whether it asks what time it is
 * @param ordered whether it says in which order its rows come
 * @param understood whether all that is noted could be read
 */
record QueryReads(
    List<Table> tables,
    Map<String, String> functions,
    boolean asksTheTime,
    boolean ordered,
    boolean understood) {
  private static final String RULE =
      "select oid, ev_action::text from pg_rewrite where ev_class = ? and ev_type = '1'";
  private static final String COLUMNS =
      """
      select distinct d.refobjid, a.attname
      from pg_depend d
      left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and a.attnum <> 0
      where d.classid = 'pg_rewrite'::regclass and d.objid = ? and d.refclassid = 'pg_class'::regclass
      """;
  private static final String RELATION =
      """
      select n.nspname, c.relname, c.relkind, rn.nspname, r.relname
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_class r on c.relispartition and r.oid = pg_partition_root(c.oid)
      left join pg_namespace rn on rn.oid = r.relnamespace
      where c.oid = ?
      """;
  private static final String CHILDREN =
      """
      with recursive child (oid) as (
        select inhrelid from pg_inherits where inhparent = ?
        union
        select i.inhrelid from pg_inherits i join child on child.oid = i.inhparent)
      select n.nspname, c.relname, c.relkind
      from child join pg_class c using (oid) join pg_namespace n on n.oid = c.relnamespace
      order by n.nspname, c.relname
      """;
  private static final String ATTRIBUTES =
      "select attnum, attname from pg_attribute where attrelid = ? and not attisdropped";
  private static final String FUNCTION =
      """
      select p.oid::regprocedure::text,
             case when n.nspname = 'pg_catalog'
                       and (p.proname in ('now', 'transaction_timestamp', 'statement_timestamp',
                                          'clock_timestamp', 'timeofday')
                            or p.proname = 'age' and p.pronargs = 1) then 'time'
                  when p.provolatile = 'v' then 'volatile'
                  when p.provolatile = 's' and n.nspname not in ('pg_catalog', 'information_schema')
                       then 'own'
                  else '' end
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.oid = ?
      """;

  /**
   * What is read of a table.
   *
   * @param parts the partitions and tables that inherit from it, which are read with it
   * @param root the partitioned table that it is a part of, or itself
   * @param through the views between the query and the table; empty if there are none
   * @param columns the columns that are read
   * @param deciding those of them that decide whether a row is found
   */
  record Table(
      TableName name,
      Kind kind,
      List<TableName> parts,
      TableName root,
      String through,
      Set<String> columns,
      Set<String> deciding) {}

  /** What a relation is. */
  enum Kind {
    TABLE,
    PARTITIONED,
    OTHER
  }

  /** A view to read, with those of its columns on which there are conditions. */
  private record Reading(long relation, Set<Long> conditions, String through) {}

  /** Follows a view down to its tables. */
  static QueryReads of(Connection connection, long view) throws SQLException {
    Reader reader = new Reader(connection);
    reader.todo.add(new Reading(view, Set.of(), ""));
    reader.follow();
    return new QueryReads(
        reader.tables(), reader.functions, reader.asksTheTime, reader.ordered, reader.understood);
  }

  /** What was noted of a relation on the way. */
  private static final class Noted {
    private final String through;
    private final Set<String> columns = new TreeSet<>();
    private final Set<Long> deciding = new TreeSet<>();
    private boolean whole;

    Noted(String through) {
      this.through = through;
    }
  }

  private static final class Reader {
    private final Connection connection;
    private final Deque<Reading> todo = new ArrayDeque<>();
    private final Set<List<Object>> done = new HashSet<>();
    private final Map<Long, Noted> noted = new LinkedHashMap<>();
    private final Map<String, String> functions = new LinkedHashMap<>();
    private boolean asksTheTime;
    private boolean ordered;
    private boolean understood = true;

    Reader(Connection connection) {
      this.connection = connection;
    }

    void follow() throws SQLException {
      boolean outermost = true;
      while (!todo.isEmpty()) {
        Reading reading = todo.remove();
        if (done.add(List.of(reading.relation(), reading.conditions()))) {
          rule(reading, outermost);
          outermost = false;
        }
      }
    }

    private void rule(Reading reading, boolean outermost) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(RULE)) {
        statement.setLong(1, reading.relation());
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            Map<Long, Noted> own = new LinkedHashMap<>();
            columns(rows.getLong(1), reading, own);
            walk(rows.getString(2), reading, outermost, own);
            for (Map.Entry<Long, Noted> entry : own.entrySet()) {
              take(entry.getKey(), entry.getValue(), reading);
            }
          }
        }
      }
    }

    private void columns(long rule, Reading reading, Map<Long, Noted> own) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
        statement.setLong(1, rule);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            long relation = rows.getLong(1);
            String column = rows.getString(2);
            if (relation != reading.relation()) {
              Noted found = own.computeIfAbsent(relation, _ -> new Noted(reading.through()));
              if (column != null) {
                found.columns.add(column);
              }
            }
          }
        }
      }
    }

    private void walk(String action, Reading reading, boolean outermost, Map<Long, Noted> own)
        throws SQLException {
      RuleWalk walk;
      try {
        walk = RuleWalk.over(action, reading.conditions());
      } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
        understood = false;
        own.values().forEach(found -> found.whole = true);
        return;
      }
      for (long relation : walk.relations()) {
        if (relation != reading.relation()) {
          own.computeIfAbsent(relation, _ -> new Noted(reading.through()));
        }
      }
      own.forEach(
          (relation, found) -> {
            found.whole |= walk.wholeRows().contains(relation);
            found.deciding.addAll(walk.deciding().getOrDefault(relation, Set.of()));
          });
      for (long function : walk.functions()) {
        function(function);
      }
      asksTheTime |= walk.asksTheTime();
      if (outermost) {
        ordered = walk.isOrdered();
      }
    }

    private void function(long oid) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(FUNCTION)) {
        statement.setLong(1, oid);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            switch (rows.getString(2)) {
              case "time" -> asksTheTime = true;
              case "volatile" ->
                  functions.put(rows.getString(1), "answers differently each time it is asked");
              case "own" ->
                  functions.put(rows.getString(1), "may read tables that nobody sees it read");
              default -> {}
            }
          }
        }
      }
    }

    /** A view is followed; a table is kept. */
    private void take(long relation, Noted found, Reading reading) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(RELATION)) {
        statement.setLong(1, relation);
        try (ResultSet rows = statement.executeQuery()) {
          if (!rows.next()) {
            return;
          }
          if (rows.getString(3).equals("v")) {
            String name = new TableName(rows.getString(1), rows.getString(2)).toString();
            String through =
                reading.through().isEmpty() ? name : reading.through() + " and " + name;
            todo.add(new Reading(relation, Set.copyOf(found.deciding), through));
            return;
          }
        }
      }
      Noted all = noted.computeIfAbsent(relation, _ -> found);
      all.columns.addAll(found.columns);
      all.deciding.addAll(found.deciding);
      all.whole |= found.whole;
    }

    List<Table> tables() throws SQLException {
      List<Table> tables = new ArrayList<>();
      for (Map.Entry<Long, Noted> entry : noted.entrySet()) {
        tables.add(table(entry.getKey(), entry.getValue()));
      }
      tables.sort(Comparator.comparing(table -> table.name().toString()));
      return tables;
    }

    private Table table(long relation, Noted found) throws SQLException {
      Map<Long, String> attributes = attributes(relation);
      Set<String> columns = new TreeSet<>(found.columns);
      if (found.whole) {
        attributes.forEach(
            (number, name) -> {
              if (number > 0) {
                columns.add(name);
              }
            });
      }
      Set<String> deciding = new TreeSet<>();
      for (long number : found.deciding) {
        if (number == RuleWalk.WHOLE_ROW) {
          deciding.addAll(columns);
        } else if (attributes.containsKey(number)) {
          deciding.add(attributes.getOrDefault(number, ""));
        }
      }
      try (PreparedStatement statement = connection.prepareStatement(RELATION)) {
        statement.setLong(1, relation);
        try (ResultSet rows = statement.executeQuery()) {
          rows.next();
          TableName name = new TableName(rows.getString(1), rows.getString(2));
          Kind kind = kind(rows.getString(3));
          TableName root =
              rows.getString(4) == null
                  ? name
                  : new TableName(rows.getString(4), rows.getString(5));
          return new Table(name, kind, children(relation), root, found.through, columns, deciding);
        }
      }
    }

    private Map<Long, String> attributes(long relation) throws SQLException {
      Map<Long, String> attributes = new LinkedHashMap<>();
      try (PreparedStatement statement = connection.prepareStatement(ATTRIBUTES)) {
        statement.setLong(1, relation);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            attributes.put(rows.getLong(1), rows.getString(2));
          }
        }
      }
      return attributes;
    }

    /** The tables below that hold rows themselves. */
    private List<TableName> children(long relation) throws SQLException {
      Set<TableName> children = new LinkedHashSet<>();
      try (PreparedStatement statement = connection.prepareStatement(CHILDREN)) {
        statement.setLong(1, relation);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            if (kind(rows.getString(3)) != Kind.PARTITIONED) {
              children.add(new TableName(rows.getString(1), rows.getString(2)));
            }
          }
        }
      }
      return List.copyOf(children);
    }

    private static Kind kind(String relkind) {
      return switch (relkind) {
        case "r" -> Kind.TABLE;
        case "p" -> Kind.PARTITIONED;
        default -> Kind.OTHER;
      };
    }
  }
}
