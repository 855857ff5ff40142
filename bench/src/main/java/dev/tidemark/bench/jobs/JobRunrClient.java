package dev.tidemark.bench.jobs;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jobrunr.scheduling.JobBuilder;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.StorageProviderUtils.DatabaseOptions;
import org.jspecify.annotations.Nullable;

/** JobRunr: one row for each job, which stays there for a day and more. */
final class JobRunrClient implements PeerClient {
  private static final String UNDONE =
      """
      SELECT count(*) FROM jobrunr_jobs
      WHERE state IN ('ENQUEUED', 'PROCESSING', 'FAILED')
         OR (state = 'SCHEDULED' AND scheduledAt < now() AT TIME ZONE 'UTC' + interval '1 hour')
      """;
  private static final String DONE_OF =
      "SELECT count(*) FROM jobrunr_jobs WHERE state = 'SUCCEEDED' AND id = ANY (?)";

  private final HikariDataSource database;
  private final Map<Integer, UUID> ids = new HashMap<>();
  private @Nullable JobRequestScheduler scheduler;

  JobRunrClient(HikariDataSource database) {
    this.database = database;
  }

  @Override
  public void prepare() {
    scheduler =
        JobRunrServer.configuration(database, DatabaseOptions.CREATE)
            .initialize()
            .getJobRequestScheduler();
  }

  @Override
  public void submit(List<BenchJob> jobs) {
    JobRequestScheduler prepared = scheduler;
    if (prepared == null) {
      throw new IllegalStateException("JobRunr has no tables yet");
    }
    Instant now = Instant.now();
    List<JobBuilder> builders = new ArrayList<>(jobs.size());
    for (BenchJob job : jobs) {
      UUID id = UUID.randomUUID();
      if (job.number() >= 0) {
        ids.put(job.number(), id);
      }
      JobBuilder builder =
          JobBuilder.aJob().withId(id).withJobRequest(new JobRunrServer.Request(job.payload()));
      builders.add(job.due().isAfter(now) ? builder.scheduleAt(job.due()) : builder);
    }
    prepared.create(builders.stream());
  }

  @Override
  public int undone() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(UNDONE)) {
      row.next();
      return row.getInt(1);
    }
  }

  @Override
  public int undone(List<BenchJob> jobs) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(DONE_OF)) {
      Array these =
          connection.createArrayOf(
              "bpchar", jobs.stream().map(job -> String.valueOf(ids.get(job.number()))).toArray());
      statement.setArray(1, these);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return jobs.size() - row.getInt(1);
      }
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
