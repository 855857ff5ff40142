package dev.tidemark.standalone.system;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogFinding;
import dev.tidemark.contract.catalog.CatalogFinding.Severity;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.reference.ReferenceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables that the catalog speaks of: made if they are ours, and held against it. */
final class TablesPart implements Part {
  private static final Logger LOG = LoggerFactory.getLogger(TablesPart.class);

  private final Supplier<PostgresUrl> database;
  private final Catalog catalog;
  private final boolean ours;
  private String where = "";

  TablesPart(Supplier<PostgresUrl> database, Catalog catalog, boolean ours) {
    this.database = database;
    this.catalog = catalog;
    this.ours = ours;
  }

  @Override
  public String name() {
    return "tables";
  }

  @Override
  public void start() throws SQLException {
    PostgresUrl url = database.get();
    if (ours) {
      int scripts = ReferenceDatabase.migrate(url.jdbc(), url.user(), url.password());
      where =
          catalog.types().size()
              + " entity types of the reference catalog"
              + (scripts == 0 ? "" : ", " + scripts + " scripts run");
    } else {
      where = catalog.types().size() + " entity types in " + url;
    }
    check(url);
  }

  private void check(PostgresUrl url) throws SQLException {
    List<CatalogFinding> findings;
    try (Connection connection = url.connect("tidemark-check")) {
      findings = CatalogFindings.of(connection, catalog);
    } catch (SQLException e) {
      throw new Refusal("The database " + url + " cannot be reached: " + e.getMessage() + ".", e);
    }
    List<String> errors =
        findings.stream()
            .filter(finding -> finding.severity() == Severity.ERROR)
            .map(CatalogFinding::toString)
            .toList();
    if (!errors.isEmpty()) {
      throw new Refusal("The catalog does not fit the database:\n  " + String.join("\n  ", errors));
    }
    findings.forEach(finding -> LOG.warn("catalog: {}", finding));
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public void close() {}
}
