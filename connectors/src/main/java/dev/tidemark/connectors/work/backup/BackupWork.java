package dev.tidemark.connectors.work.backup;

import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.connectors.work.storage.Storage;
import dev.tidemark.contract.catalog.Catalog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The handlers of this room. */
public final class BackupWork {
  private BackupWork() {}

  /**
   * Makes them.
   *
   * @param pgDump where {@code pg_dump} is; without it an archive of our own is made
   */
  public static List<JobHandler<?, ?>> handlers(
      WorkDatabase database,
      Storage storage,
      Catalog catalog,
      Optional<Path> pgDump,
      InstantSource clock) {
    return List.of(new Backup(database, storage, catalog, pgDump.stream().toList(), clock));
  }
}
