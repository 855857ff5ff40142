package dev.tidemark.standalone.system;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogCheck;
import dev.tidemark.contract.catalog.CatalogFinding;
import dev.tidemark.contract.postgres.ViewProbe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** All that does not fit between a catalog and a database: tables, columns, queries. */
public final class CatalogFindings {
  private CatalogFindings() {}

  /**
   * Holds the catalog against the database.
   *
   * @param connection without a transaction of its own
   */
  public static List<CatalogFinding> of(Connection connection, Catalog catalog)
      throws SQLException {
    List<CatalogFinding> findings =
        new ArrayList<>(CatalogCheck.against(catalog, TableShapes.of(connection)));
    findings.addAll(ViewProbe.of(connection, catalog));
    return List.copyOf(findings);
  }
}
