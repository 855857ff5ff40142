package dev.tidemark.contract.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What Postgres says of a query. */
sealed interface ProbedQuery {
  /** Postgres refuses the query. */
  record Refused(String reason) implements ProbedQuery {}

  /**
   * Postgres accepts the query.
   *
   * @param columns of the result
   * @param reads what the query reads; empty if it could not become a view
   * @param obstacle why it could not
   */
  record Accepted(List<Column> columns, Optional<QueryReads> reads, String obstacle)
      implements ProbedQuery {}

  /**
   * A column of a result.
   *
   * @param base its type as {@code TableShape.Column} has the base; empty if it is not known
   */
  record Column(String name, String base) {}

  /**
   * Asks about a query, in an open transaction, and leaves nothing behind in it.
   *
   * @param sql without parameters
   */
  static ProbedQuery of(Connection connection, String sql) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      return new Probe(connection, sql).probe();
    } catch (SQLException e) {
      if (isOfTheServer(e)) {
        throw e;
      }
      return new Refused(message(e));
    } finally {
      connection.rollback(before);
    }
  }

  /** Whether the error would come with any query: no connection, no room, no time. */
  private static boolean isOfTheServer(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.isEmpty()
        || List.of("08", "53", "55", "57", "58", "XX").contains(state.substring(0, 2));
  }

  /** The message without its place, which is one in the probe's own SQL. */
  private static String message(SQLException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("Position:"))
        .collect(Collectors.joining(" "));
  }

  /** The two steps: what comes out, then what is read for it. */
  record Probe(Connection connection, String sql) {
    private static final String VIEW = "pg_temp.\"tidemark_probe\"";
    private static final String NO_RIGHT = "42501";
    private static final String READ_ONLY = "25006";
    private static final String BASES =
        """
        select case when t.typtype = 'e' or b.typtype = 'e' then 'enum'
                    when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
                    else format_type(a.atttypid, a.atttypmod) end
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        left join pg_type b on b.oid = t.typbasetype
        where a.attrelid = ? and a.attnum > 0
        order by a.attnum
        """;

    ProbedQuery probe() throws SQLException {
      List<String> names = names();
      Savepoint before = connection.setSavepoint();
      try {
        createView(names.size());
      } catch (SQLException e) {
        if (!NO_RIGHT.equals(e.getSQLState()) && !READ_ONLY.equals(e.getSQLState())) {
          throw e;
        }
        connection.rollback(before);
        return new Accepted(
            names.stream().map(name -> new Column(name, "")).toList(),
            Optional.empty(),
            message(e));
      }
      long view = number();
      List<String> bases = bases(view);
      List<Column> columns =
          IntStream.range(0, names.size())
              .mapToObj(i -> new Column(names.get(i), bases.get(i)))
              .toList();
      return new Accepted(columns, Optional.of(QueryReads.of(connection, view)), "");
    }

    private List<String> names() throws SQLException {
      List<String> names = new ArrayList<>();
      try (Statement statement = plainStatement();
          ResultSet rows =
              statement.executeQuery("select * from (\n" + sql + "\n) as tidemark_probe limit 0")) {
        ResultSetMetaData result = rows.getMetaData();
        for (int i = 1; i <= result.getColumnCount(); i++) {
          names.add(result.getColumnLabel(i));
        }
      }
      return names;
    }

    /** The columns get names of their own: two of the query's may be called the same. */
    private void createView(int columns) throws SQLException {
      String names =
          IntStream.rangeClosed(1, columns)
              .mapToObj(i -> "\"c" + i + "\"")
              .collect(Collectors.joining(", ", " (", ")"));
      try (Statement statement = plainStatement()) {
        statement.execute(
            "create temporary view \"tidemark_probe\""
                + (columns == 0 ? "" : names)
                + " as\n"
                + sql);
      }
    }

    /** Without JDBC's own syntax, which is not the operator's. */
    private Statement plainStatement() throws SQLException {
      Statement statement = connection.createStatement();
      statement.setEscapeProcessing(false);
      return statement;
    }

    private long number() throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select '" + VIEW + "'::regclass::oid")) {
        rows.next();
        return rows.getLong(1);
      }
    }

    private List<String> bases(long view) throws SQLException {
      List<String> bases = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(BASES)) {
        statement.setLong(1, view);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            bases.add(rows.getString(1));
          }
        }
      }
      return bases;
    }
  }
}
