package dev.tidemark.connectors.work.upkeep;

import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.connectors.work.storage.Storage;
import dev.tidemark.contract.catalog.Catalog;
import java.time.InstantSource;
import java.util.List;

/** The handlers of this room. */
public final class UpkeepWork {
  private UpkeepWork() {}

  public static List<JobHandler<?, ?>> handlers(
      WorkDatabase database, Storage storage, Catalog catalog, InstantSource clock) {
    return List.of(
        new CleanupOldJobs(clock),
        new CleanupSyncLogs(database, clock),
        new CleanupDeletedFiles(database, storage, clock),
        new ArchiveReports(database, storage, clock),
        new VacuumAnalyze(database, catalog),
        new AggregateSyncMetrics(database, clock));
  }
}
