package dev.tidemark.api.cache.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewSource;
import dev.tidemark.api.database.Database;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.pipeline.cache.core.Sight;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks Postgres for answers of views. One statement brings the answer and the snapshot that it was
 * read in, so that the two cannot disagree.
 */
public final class PostgresViews implements ViewSource, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int WARM_FETCH = 10_000;

  private final Database database;
  private final Map<String, ViewSql> statements = new HashMap<>();

  public PostgresViews(CacheSettings settings, Catalog catalog) {
    database = new Database(settings.postgres(), "tidemark-views", settings.connections());
    for (CacheView view : catalog.views()) {
      statements.put(view.name(), ViewSql.of(view, catalog));
    }
  }

  @Override
  public Fetched fetch(Question question, Duration atMost) {
    ViewSql sql = statements.get(question.view().name());
    if (sql == null) {
      throw new IllegalArgumentException("there is no view " + question.view().name());
    }
    Counted counted = database.ask(atMost, connection -> fetch(connection, sql, question, atMost));
    if (counted.rows() > ViewSql.MOST_ROWS) {
      throw new ProblemException(
          Problem.of(
              ProblemType.VIEW_TOO_LARGE,
              "The view "
                  + question.view().name()
                  + " has more than "
                  + ViewSql.MOST_ROWS
                  + " rows for these parameters."));
    }
    return counted.fetched();
  }

  /** An answer, and how many rows it has. */
  private record Counted(Fetched fetched, long rows) {}

  private static Counted fetch(
      Connection connection, ViewSql sql, Question question, Duration atMost) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      statement.setQueryTimeout(Math.toIntExact(Math.max(1, atMost.toSeconds())));
      List<String> parameters = sql.parameters();
      for (int i = 0; i < parameters.size(); i++) {
        // As a text of no type, so that the cast in the statement decides.
        statement.setObject(i + 1, question.values().get(parameters.get(i)), Types.OTHER);
      }
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("an aggregate without a row");
        }
        String body = row.getString(1);
        Fetched fetched =
            new Fetched(
                body == null ? new byte[0] : body.getBytes(UTF_8),
                Sight.parse(row.getString(2)),
                sql.found(row));
        return new Counted(fetched, row.getLong(3));
      }
    }
  }

  @Override
  public Now now() {
    return database.ask(
        PATIENCE,
        connection -> {
          try (PreparedStatement statement =
                  connection.prepareStatement(
                      """
                      select pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
                             pg_current_snapshot()::text,
                             (select system_identifier from pg_control_system()),
                             ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer
                      """);
              ResultSet row = statement.executeQuery()) {
            row.next();
            return new Now(
                row.getBigDecimal(1).longValueExact(),
                row.getString(3) + "/" + row.getInt(4),
                Sight.parse(row.getString(2)));
          }
        });
  }

  @Override
  public long mark() {
    return database.ask(
        PATIENCE,
        connection -> {
          try (PreparedStatement statement =
                  connection.prepareStatement("select pg_current_xact_id()::text::bigint");
              ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  @Override
  public List<Map<String, String>> toWarm(CacheView view, Duration atMost) {
    if (view.warming().isEmpty()) {
      return List.of();
    }
    int limit = Math.min(view.warming().get().limit(), WARM_FETCH);
    String query = view.warming().get().query().text();
    return database.ask(
        atMost,
        connection -> {
          try (var statement = connection.createStatement()) {
            statement.setMaxRows(limit);
            statement.setQueryTimeout(Math.toIntExact(Math.max(1, atMost.toSeconds())));
            try (ResultSet rows = statement.executeQuery(query)) {
              return warm(rows);
            }
          }
        });
  }

  private static List<Map<String, String>> warm(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<Map<String, String>> questions = new ArrayList<>();
    while (rows.next()) {
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        String value = rows.getString(i);
        if (value != null) {
          values.put(columns.getColumnLabel(i), value);
        }
      }
      questions.add(values);
    }
    return questions;
  }

  @Override
  public void close() {
    database.close();
  }
}
