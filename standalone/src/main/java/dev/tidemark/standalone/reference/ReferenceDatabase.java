package dev.tidemark.standalone.reference;

import org.flywaydb.core.Flyway;

/** The tables of the reference catalog, and sample rows in them. */
public final class ReferenceDatabase {
  private static final String MIGRATIONS = "classpath:reference/migrations";
  private static final String SEED = "classpath:reference/seed";

  private ReferenceDatabase() {}

  /**
   * Creates what is missing, and adds the sample rows that are missing if they are new or have
   * changed since the last time. Rows that are there stay as they are.
   *
   * @return how many scripts ran; 0 if the database was up to date
   * @throws org.flywaydb.core.api.FlywayException if the database cannot be reached, or is of
   *     another make
   */
  public static int migrate(String jdbcUrl, String user, String password) {
    return Flyway.configure()
        .dataSource(jdbcUrl, user, password)
        .locations(MIGRATIONS, SEED)
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
