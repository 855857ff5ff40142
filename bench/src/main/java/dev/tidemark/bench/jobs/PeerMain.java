package dev.tidemark.bench.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tidemark.bench.jobs.JobsBenchOptions.Entrant;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.io.IOException;
import java.io.OutputStream;
import org.jobrunr.server.BackgroundJobServer;

/** A peer that schedules and works, in a process of its own, which ends with its input. */
final class PeerMain {
  /** Works. */
  static final String WORKER = "worker";

  /** Works, and keeps the jobs that are to be held. */
  static final String HOLDER = "holder";

  private PeerMain() {}

  public static void main(String[] arguments) throws IOException {
    Report report = Report.open();
    Entrant entrant = Entrant.valueOf(arguments[0]);
    Hands hands = new Hands(report, arguments[1].equals(HOLDER));
    try (HikariDataSource database = database(arguments[2], connections(entrant))) {
      switch (entrant) {
        case plain, tuned -> {
          Scheduler scheduler = DbScheduler.start(database, entrant == Entrant.tuned, hands);
          awaitEnd(report);
          scheduler.stop();
        }
        case jobrunr -> {
          BackgroundJobServer server = JobRunrServer.start(database, hands);
          awaitEnd(report);
          server.stop();
        }
        case tidemark -> throw new IllegalArgumentException("Tidemark is no peer of its own");
      }
    }
    System.exit(0);
  }

  private static int connections(Entrant entrant) {
    return entrant == Entrant.jobrunr
        ? JobRunrServer.CONNECTIONS
        : DbScheduler.connections(entrant == Entrant.tuned);
  }

  static HikariDataSource database(String url, int connections) {
    HikariConfig config = new HikariConfig();
    PostgresUrl postgres = PostgresUrl.parse(url);
    config.setJdbcUrl(
        "jdbc:postgresql://%s:%d/%s"
            .formatted(postgres.host(), postgres.port(), postgres.database()));
    config.setUsername(postgres.user());
    config.setPassword(postgres.password());
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  private static void awaitEnd(Report report) throws IOException {
    report.ready();
    System.in.transferTo(OutputStream.nullOutputStream());
  }
}
