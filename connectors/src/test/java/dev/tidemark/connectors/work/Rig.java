package dev.tidemark.connectors.work;

import dev.tidemark.connectors.schema.OwnTables;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A database of the reference tables for a test, on a server that all tests share. */
public final class Rig implements AutoCloseable {
  private static final Path MIGRATIONS =
      Path.of("../standalone/src/main/resources/reference/migrations");
  private static final AtomicInteger RIGS = new AtomicInteger();
  private static final EmbeddedPostgres18 SERVER = start();

  private final PostgresUrl url;
  private final Connection connection;

  private Rig(PostgresUrl url) throws SQLException {
    this.url = url;
    connection = url.connect("test");
    sql("SET TimeZone = 'UTC'");
  }

  private static EmbeddedPostgres18 start() {
    EmbeddedPostgres18 server = new EmbeddedPostgres18(ServerConfig.temporary());
    server.start();
    return server;
  }

  /** A database with the reference tables and Tidemark's own, without rows. */
  public static Rig fresh() throws SQLException {
    Rig rig = empty();
    rig.migrate();
    return rig;
  }

  /** A database without tables. */
  public static Rig empty() throws SQLException {
    return new Rig(
        PostgresUrl.parse(SERVER.createDatabase("work_" + RIGS.incrementAndGet()).libpq()));
  }

  /** Makes the tables. */
  public void migrate() throws SQLException {
    for (String script : scripts()) {
      sql(script);
    }
    OwnTables.prepare(connection);
    database().open("test").close();
  }

  private static List<String> scripts() {
    try (Stream<Path> files = Files.list(MIGRATIONS)) {
      List<String> scripts = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        scripts.add(Files.readString(file));
      }
      return scripts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public PostgresUrl url() {
    return url;
  }

  public WorkDatabase database() {
    return new WorkDatabase(url);
  }

  public void sql(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The rows of a query, each as its columns in text with bars between. */
  public List<String> rows(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          values.add(String.valueOf(row.getString(column)));
        }
        rows.add(String.join("|", values));
      }
      return rows;
    }
  }

  /** The one value of a query. */
  public String one(String query) throws SQLException {
    List<String> rows = rows(query);
    if (rows.size() != 1) {
      throw new AssertionError(query + " has " + rows.size() + " rows");
    }
    return rows.getFirst();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
