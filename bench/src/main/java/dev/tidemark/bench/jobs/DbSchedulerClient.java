package dev.tidemark.bench.jobs;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** db-scheduler: one table, from which what is done is deleted. */
final class DbSchedulerClient implements PeerClient {
  /** The table and the indices of its documentation. */
  private static final String TABLE =
      """
      CREATE TABLE scheduled_tasks (
        task_name text NOT NULL,
        task_instance text NOT NULL,
        task_data bytea,
        execution_time timestamptz,
        picked boolean NOT NULL,
        picked_by text,
        last_success timestamptz,
        last_failure timestamptz,
        consecutive_failures int,
        last_heartbeat timestamptz,
        version bigint NOT NULL,
        priority smallint,
        state text,
        PRIMARY KEY (task_name, task_instance)
      );
      CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
      CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
      CREATE INDEX priority_execution_time_idx
        ON scheduled_tasks (priority DESC, execution_time ASC);
      """;

  private static final String UNDONE =
      "SELECT count(*) FROM scheduled_tasks WHERE execution_time < now() + interval '1 hour'";
  private static final String UNDONE_OF =
      "SELECT count(*) FROM scheduled_tasks WHERE task_name = ? AND task_instance = ANY (?)";

  private final HikariDataSource database;
  private final SchedulerClient client;

  DbSchedulerClient(HikariDataSource database) {
    this.database = database;
    client = SchedulerClient.Builder.create(database).build();
  }

  @Override
  public void prepare() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  @Override
  public void submit(List<BenchJob> jobs) {
    Instant now = Instant.now();
    Map<Instant, List<TaskInstance<?>>> byTime = new LinkedHashMap<>();
    for (BenchJob job : jobs) {
      byTime
          .computeIfAbsent(job.due().isAfter(now) ? job.due() : now, _ -> new ArrayList<>())
          .add(new TaskInstance<>(DbScheduler.TASK.getTaskName(), name(job), job.payload()));
    }
    byTime.forEach((due, some) -> client.scheduleBatch(some.stream(), due));
  }

  /** Those of another day are all one number. */
  private static String name(BenchJob job) {
    return job.number() < 0 ? UUID.randomUUID().toString() : Integer.toString(job.number());
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
        PreparedStatement statement = connection.prepareStatement(UNDONE_OF)) {
      Array names =
          connection.createArrayOf(
              "text", jobs.stream().map(DbSchedulerClient::name).toArray(String[]::new));
      statement.setString(1, DbScheduler.TASK.getTaskName());
      statement.setArray(2, names);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
