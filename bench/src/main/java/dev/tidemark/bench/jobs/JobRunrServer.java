package dev.tidemark.bench.jobs;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.configuration.JobRunrConfiguration;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.StorageProviderUtils.DatabaseOptions;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr as it works. */
final class JobRunrServer {
  /** It allows no shorter one. */
  static final Duration POLL = Duration.ofSeconds(5);

  /** A server is dead after four of them. */
  static final Duration NOTICES_DEATH = POLL.multipliedBy(4);

  static final int CONNECTIONS = 20;

  private JobRunrServer() {}

  /** What a job is given; JobRunr reads and writes its fields. */
  public static final class Request implements JobRequest {
    private static final long serialVersionUID = 1;

    private String payload = "";

    /** For JobRunr. */
    public Request() {}

    Request(String payload) {
      this.payload = payload;
    }

    String payload() {
      return payload;
    }

    @Override
    public Class<Handler> getJobRequestHandler() {
      return Handler.class;
    }
  }

  /** What does a job. */
  public static final class Handler implements JobRequestHandler<Request> {
    private final Hands hands;

    Handler(Hands hands) {
      this.hands = hands;
    }

    @Override
    public void run(Request request) throws InterruptedException {
      hands.work(request.payload());
    }
  }

  static JobRunrConfiguration configuration(HikariDataSource database, DatabaseOptions tables) {
    StorageProvider storage = new PostgresStorageProvider(database, tables);
    return JobRunr.configure().useJsonMapper(new JacksonJsonMapper()).useStorageProvider(storage);
  }

  static BackgroundJobServer start(HikariDataSource database, Hands hands) {
    Handler handler = new Handler(hands);
    JobActivator activator =
        new JobActivator() {
          @Override
          public <T> T activateJob(Class<T> type) {
            return type.cast(handler);
          }
        };
    return configuration(database, DatabaseOptions.SKIP_CREATE)
        .useJobActivator(activator)
        .useBackgroundJobServer(
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andPollInterval(POLL))
        .initialize()
        .getBackgroundJobServer();
  }
}
