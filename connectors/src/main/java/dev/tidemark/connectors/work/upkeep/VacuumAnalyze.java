package dev.tidemark.connectors.work.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code vacuum_analyze}: vacuums the catalog's tables and Tidemark's own, one by one. A table that
 * is locked or is somebody else's is left out, and the log says so. Takes no input.
 */
final class VacuumAnalyze implements JobHandler<ObjectNode, VacuumAnalyze.Vacuumed> {
  private static final int HAS_SKIP_LOCKED = 120_000;
  private static final List<TableName> OWN =
      List.of(
          new TableName("tidemark", "ledger"),
          new TableName("tidemark", "batch"),
          new TableName("tidemark", "outbox"),
          new TableName("tidemark", "inbound"));

  /** Which tables were vacuumed. */
  record Vacuumed(List<String> tables) {}

  private final WorkDatabase database;
  private final Catalog catalog;

  VacuumAnalyze(WorkDatabase database, Catalog catalog) {
    this.database = database;
    this.catalog = catalog;
  }

  @Override
  public String type() {
    return "vacuum_analyze";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Vacuumed run(ObjectNode input, JobContext context) throws Exception {
    List<TableName> tables = new ArrayList<>();
    catalog.types().stream().map(EntityType::table).forEach(tables::add);
    tables.addAll(OWN);
    List<String> done = new ArrayList<>();
    try (Connection connection = database.open(type());
        Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = 0");
      String options =
          version(connection) >= HAS_SKIP_LOCKED ? "(SKIP_LOCKED, ANALYZE)" : "(ANALYZE)";
      int seen = 0;
      for (TableName table : tables) {
        context.checkpoint();
        if (isThere(connection, table)) {
          statement.clearWarnings();
          statement.execute("VACUUM " + options + " " + table.quoted());
          SQLWarning warning = statement.getWarnings();
          if (warning == null) {
            done.add(table.toString());
          } else {
            context.log(table + " is left out: " + warning.getMessage());
          }
        } else {
          context.log(table + " is left out: there is no such table");
        }
        context.progress(100 * ++seen / tables.size(), table.toString());
      }
    }
    return new Vacuumed(done);
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_version_num")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static boolean isThere(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      query.setString(1, table.quoted());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
