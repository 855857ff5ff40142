package dev.tidemark.standalone.system;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.postgres.PostgresUrl;
import java.nio.file.Path;

/** A database that somebody else runs, with the catalog of what Tidemark captures of it. */
public record OwnDatabase(PostgresUrl url, String libpq, Path catalog) {
  public OwnDatabase {
    requireNonNull(url, "url is null");
    requireNonNull(catalog, "catalog is null");
  }
}
