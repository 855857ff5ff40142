package dev.tidemark.bench.jobs;

import com.zaxxer.hikari.HikariDataSource;
import dev.tidemark.bench.jobs.JobsBenchOptions.Entrant;
import dev.tidemark.bench.system.Machine;
import dev.tidemark.bench.system.ResultFile;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * {@code ./tidemark bench jobs}: prints a table of figures, each beside its aim and beside the best
 * of the peers.
 */
public final class BenchJobs {
  private static final String LOGGING = "logback.configurationFile";
  private static final int CLIENT_CONNECTIONS = 4;

  private final JobsBenchOptions options;
  private final Path directory;

  private BenchJobs(JobsBenchOptions options, Path directory) {
    this.options = options;
    this.directory = directory;
  }

  public static void main(String[] arguments) throws Exception {
    JobsBenchOptions options = new JobsBenchOptions();
    try {
      new CommandLine(options).parseArgs(arguments);
    } catch (ParameterException e) {
      System.err.println(e.getMessage());
      e.getCommandLine().usage(System.err);
      System.exit(2);
      return;
    }
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "bench-logback.xml");
    }
    String table = run(options.settled(), Files.createTempDirectory("tidemark-bench-jobs-"));
    System.out.println(table);
    if (options.save) {
      System.err.println("written to " + ResultFile.save("jobs", "Jobs", table));
    }
    System.exit(0);
  }

  /** Measures everything; returns the table. */
  static String run(JobsBenchOptions options, Path directory) throws Exception {
    System.err.println("logs: " + directory);
    Files.createDirectories(directory);
    if (options.jfr().isPresent()) {
      Files.createDirectories(options.jfr().get());
    }
    return new BenchJobs(options, directory).measure();
  }

  private String measure() throws Exception {
    try (EmbeddedPostgres18 postgres =
        new EmbeddedPostgres18(ServerConfig.temporary().with("max_wal_size", "8GB"))) {
      postgres.start();
      Machine machine;
      try (Connection connection = postgres.connect()) {
        machine = Machine.here(connection);
      }
      System.err.println(machine.sentence());
      JobsTable table = new JobsTable(machine, options);
      for (Entrant entrant : options.only) {
        try (Contestant contestant = contestant(entrant, postgres)) {
          table.add(entrant, new Course(options, contestant).run());
          if (contestant.noticesDeath().compareTo(options.patienceOfDeath()) > 0) {
            table.because(
                entrant,
                "It takes a worker for dead after %d s, which was not waited for."
                    .formatted(contestant.noticesDeath().toSeconds()));
          }
        }
      }
      return table.text();
    }
  }

  private Contestant contestant(Entrant entrant, EmbeddedPostgres18 postgres) {
    if (entrant == Entrant.tidemark) {
      return new TidemarkContestant(directory, options.jfr());
    }
    String url = postgres.createDatabase(entrant.name()).libpq();
    HikariDataSource database = PeerMain.database(url, CLIENT_CONNECTIONS);
    boolean isJobRunr = entrant == Entrant.jobrunr;
    Duration noticesDeath =
        isJobRunr
            ? JobRunrServer.NOTICES_DEATH
            : entrant == Entrant.tuned
                ? DbScheduler.TUNED_NOTICES_DEATH
                : DbScheduler.PLAIN_NOTICES_DEATH;
    return new Peer(
        entrant,
        directory,
        postgres,
        url,
        isJobRunr ? new JobRunrClient(database) : new DbSchedulerClient(database),
        noticesDeath);
  }
}
