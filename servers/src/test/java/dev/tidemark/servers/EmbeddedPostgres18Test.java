package dev.tidemark.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgres18Test {
  private final EmbeddedPostgres18 postgres;
  private final Path data;

  EmbeddedPostgres18Test(@TempDir Path data) {
    this.data = data;
    this.postgres =
        new EmbeddedPostgres18(ServerConfig.in(data).with("max_slot_wal_keep_size", "64MB"));
  }

  @BeforeEach
  void start() {
    postgres.start();
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void itIsVersion18AndSetForCaptureAndDurability() throws SQLException {
    assertThat(ask("show server_version")).startsWith("18.");
    assertThat(ask("show wal_level")).isEqualTo("logical");
    assertThat(ask("show fsync")).isEqualTo("on");
    assertThat(ask("show synchronous_commit")).isEqualTo("on");
    assertThat(ask("show max_slot_wal_keep_size")).isEqualTo("64MB");
    assertThat(postgres.startedIn()).isPositive();
  }

  @Test
  void aWrongPasswordIsRefused() {
    PostgresUrl url = postgres.url();
    assertThatThrownBy(() -> DriverManager.getConnection(url.jdbc(), url.user(), "wrong"))
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void theUrlReadsAsLibpqWritesIt() {
    assertThat(postgres.url().libpq())
        .matches("postgresql://postgres:[0-9a-f]{32}@127\\.0\\.0\\.1:\\d+/tidemark");
  }

  @Test
  void aRestartKeepsDataPortAndPassword() throws SQLException {
    run("create table kept as select 42 as answer");
    PostgresUrl before = postgres.url();
    postgres.restart();
    assertThat(ask("select answer from kept")).isEqualTo("42");
    assertThat(postgres.url()).isEqualTo(before);
  }

  @Test
  void anImmediateStopLosesNothingCommitted() throws SQLException {
    run("create table kept as select 42 as answer");
    postgres.stop(EmbeddedPostgres18.StopMode.IMMEDIATE);
    postgres.start();
    assertThat(ask("select answer from kept")).isEqualTo("42");
  }

  @Test
  void aKillLosesNothingCommitted() throws SQLException {
    run("create table kept as select 42 as answer");
    postgres.kill();
    assertThat(postgres.isRunning()).isFalse();
    postgres.start();
    assertThat(ask("select answer from kept")).isEqualTo("42");
  }

  @Test
  void aSecondStartOnTheSameDataIsRefusedWithASentence() {
    try (EmbeddedPostgres18 second = new EmbeddedPostgres18(ServerConfig.in(data))) {
      assertThatThrownBy(second::start)
          .isInstanceOf(ServerException.class)
          .hasMessage(
              "%s is in use by process %d: stop that one first, or choose another data directory.",
              data, ProcessHandle.current().pid());
    }
  }

  @Test
  void aTakenPortIsRefusedWithASentence(@TempDir Path other) {
    int port = postgres.port();
    try (EmbeddedPostgres18 second =
        new EmbeddedPostgres18(ServerConfig.in(other).withPort(port))) {
      assertThatThrownBy(second::start)
          .isInstanceOf(ServerException.class)
          .hasMessageStartingWith("Port " + port + " is taken");
    }
  }

  @Test
  void aServerThatAKilledProcessLeftBehindIsTakenOver(@TempDir Path orphaned) throws Exception {
    int port = OrphanMaker.leavePostgresRunning(orphaned);
    assertThat(FreePort.isFree(port)).isFalse();
    try (EmbeddedPostgres18 heir = new EmbeddedPostgres18(ServerConfig.in(orphaned))) {
      heir.start();
      assertThat(heir.port()).isEqualTo(port);
      try (Connection connection = heir.connect();
          Statement statement = connection.createStatement();
          ResultSet answer = statement.executeQuery("select answer from orphaned")) {
        assertThat(answer.next()).isTrue();
      }
    }
    assertThat(FreePort.isFree(port)).isTrue();
  }

  @Test
  void aSettingThatPostgresRefusesIsReportedInItsWords(@TempDir Path other) {
    try (EmbeddedPostgres18 refused =
        new EmbeddedPostgres18(ServerConfig.in(other).with("wal_level", "nonsense"))) {
      assertThatThrownBy(refused::start)
          .isInstanceOf(ServerException.class)
          .hasMessageStartingWith("Postgres does not start: ")
          .hasMessageContaining("tidemark.conf");
    }
  }

  @Test
  void aTemporaryServerTakesItsDataAway() throws SQLException {
    Path log;
    try (EmbeddedPostgres18 temporary = new EmbeddedPostgres18(ServerConfig.temporary())) {
      temporary.start();
      log = temporary.log();
      assertThat(log).exists();
    }
    assertThat(log).doesNotExist();
    assertThat(Files.exists(log.resolveSibling("pgdata"))).isFalse();
  }

  private String ask(String query) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(query)) {
      answer.next();
      return answer.getString(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
