package dev.tidemark.connectors.work.report;

import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.time.InstantSource;
import java.util.List;

/** The handlers of this room. */
public final class ReportWork {
  private ReportWork() {}

  public static List<JobHandler<?, ?>> handlers(WorkDatabase database, InstantSource clock) {
    return List.of(new Evidence(database), new Weekly(database, clock));
  }
}
