package dev.tidemark.standalone.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A prompt for SQL, for machines without psql. */
final class SqlPrompt {
  private static final int MOST_ROWS = 1_000;

  private final Connection connection;
  private final PrintWriter out;

  SqlPrompt(Connection connection, PrintWriter out) {
    this.connection = connection;
    this.out = out;
  }

  /** Runs what is read, statement by statement, until there is no more. */
  int read(BufferedReader in) throws IOException {
    StringBuilder statement = new StringBuilder();
    boolean good = true;
    while (true) {
      out.print(statement.isEmpty() ? "tidemark=> " : "tidemark-> ");
      out.flush();
      String line = in.readLine();
      if (line == null || (statement.isEmpty() && line.strip().equals("\\q"))) {
        out.println();
        return good ? 0 : 1;
      }
      statement.append(line).append('\n');
      if (line.stripTrailing().endsWith(";")) {
        good = run(statement.toString());
        statement.setLength(0);
      }
    }
  }

  /** Runs SQL and prints what comes of it; false if Postgres refuses it. */
  boolean run(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(MOST_ROWS);
      boolean rows = statement.execute(sql);
      while (true) {
        if (rows) {
          try (ResultSet found = statement.getResultSet()) {
            print(found);
          }
        } else if (statement.getUpdateCount() >= 0) {
          out.println(statement.getUpdateCount() + " rows");
        } else {
          out.flush();
          return true;
        }
        rows = statement.getMoreResults();
      }
    } catch (SQLException e) {
      out.println(e.getMessage());
      out.flush();
      return false;
    }
  }

  private void print(ResultSet found) throws SQLException {
    ResultSetMetaData columns = found.getMetaData();
    int count = columns.getColumnCount();
    List<List<String>> lines = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(columns.getColumnLabel(i));
    }
    lines.add(names);
    while (found.next()) {
      List<String> line = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        String value = found.getString(i);
        line.add(value == null ? "" : value);
      }
      lines.add(line);
    }
    int[] widths = new int[count];
    for (List<String> line : lines) {
      for (int i = 0; i < count; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < count; i++) {
        text.append(i == 0 ? " " : " | ").append(line.get(i));
        text.repeat(' ', widths[i] - line.get(i).length());
      }
      out.println(text.toString().stripTrailing());
    }
    out.println("(" + (lines.size() - 1) + " rows)");
  }
}
