package dev.tidemark.api.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks Postgres with a limit to the patience, whatever hangs: the pool, the network or the server.
 */
public final class Database implements AutoCloseable {
  private static final Duration SOCKET = Duration.ofSeconds(10);

  private final HikariDataSource pool;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("tidemark-database-", 0).factory());

  /** What is asked of a connection. */
  public interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /**
   * A pool that connects when it is asked.
   *
   * @param name what its connections are called
   * @param connections how many there are at most
   */
  public Database(PostgresUrl url, String name, int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(url.jdbc());
    config.setUsername(url.user());
    config.setPassword(url.password());
    url.parameters().forEach(config::addDataSourceProperty);
    config.addDataSourceProperty("ApplicationName", name);
    config.addDataSourceProperty("connectTimeout", "2");
    config.addDataSourceProperty("socketTimeout", Long.toString(SOCKET.toSeconds()));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("options", "-c statement_timeout=10s -c TimeZone=UTC");
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(2_000);
    config.setValidationTimeout(1_000);
    // The api starts while Postgres is away.
    config.setInitializationFailTimeout(-1);
    pool = new HikariDataSource(config);
  }

  /**
   * Asks and waits for so long.
   *
   * @throws AwayException if there is no answer by then
   */
  public <T> T ask(Duration patience, Question<T> question) {
    Future<T> answer;
    try {
      answer = threads.submit(() -> onConnection(question));
    } catch (RejectedExecutionException e) {
      throw new AwayException("this node is stopping", e);
    }
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new AwayException("Postgres cannot be asked", e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new AwayException("Postgres does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    }
  }

  private <T> T onConnection(Question<T> question) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return question.ask(connection);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    pool.close();
  }
}
