package dev.tidemark.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.PostgresUrl;
import dev.tidemark.servers.ServerConfig;
import dev.tidemark.standalone.reference.ReferenceDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoTrafficTest {
  private static final int KINDS = Move.values().length;
  private final EmbeddedPostgres18 postgres = new EmbeddedPostgres18(ServerConfig.temporary());

  @BeforeEach
  void start() {
    postgres.start();
    PostgresUrl url = postgres.url();
    ReferenceDatabase.migrate(url.jdbc(), url.user(), url.password());
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void everyKindOfMoveHappensAndPostgresRefusesNone() throws SQLException {
    try (DemoTraffic traffic = traffic(42, 2000)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> traffic.counts().values().stream().allMatch(count -> count > 3));
      assertThat(traffic.counts()).hasSize(KINDS);
      assertThat(traffic.refused()).isZero();
    }
    assertThat(number("select count(*) from shop.order_lines where order_id > 1000")).isPositive();
  }

  @Test
  void itGoesOnWhenPostgresComesBack() {
    try (DemoTraffic traffic = traffic(7, 500)) {
      await().until(() -> traffic.committed() > 20);
      postgres.stop();
      long atStop = traffic.committed();
      postgres.start();
      await().atMost(Duration.ofSeconds(30)).until(() -> traffic.committed() > atStop + 20);
    }
  }

  @Test
  void closedItLeavesNoConnectionBehind() throws SQLException {
    DemoTraffic traffic = traffic(1, 100);
    await().until(() -> traffic.committed() > 0);
    traffic.close();
    long committed = traffic.committed();
    Map<String, Long> counts = traffic.counts();
    await()
        .until(
            () ->
                number(
                        "select count(*) from pg_stat_activity"
                            + " where application_name = 'tidemark-demo'")
                    == 0);
    assertThat(traffic.committed()).isEqualTo(committed);
    assertThat(traffic.counts()).isEqualTo(counts);
  }

  @Test
  void aRateThatIsNoneIsRefused() {
    for (double rate : new double[] {0, -1, Double.NaN, 1e9}) {
      assertThatThrownBy(() -> traffic(1, rate)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private DemoTraffic traffic(long seed, double perSecond) {
    PostgresUrl url = postgres.url();
    return new DemoTraffic(url.jdbc(), url.user(), url.password(), seed, perSecond);
  }

  private long number(String query) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
