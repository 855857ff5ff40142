package dev.tidemark.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedRedisTest {
  private final EmbeddedRedis redis;
  private final Path data;

  EmbeddedRedisTest(@TempDir Path data) {
    this.data = data;
    this.redis = new EmbeddedRedis(ServerConfig.in(data));
  }

  @BeforeEach
  void start() {
    redis.start();
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void itIsACacheThatIsEmptyAfterARestartOnTheSamePort() throws IOException {
    int port = redis.port();
    assertThat(ask("SET greeting hello")).isEqualTo("+OK");
    assertThat(ask("EXISTS greeting")).isEqualTo(":1");
    redis.restart();
    assertThat(redis.port()).isEqualTo(port);
    assertThat(ask("EXISTS greeting")).isEqualTo(":0");
  }

  @Test
  void itStartsAgainAfterAKill() throws IOException {
    redis.kill();
    assertThat(redis.isRunning()).isFalse();
    redis.start();
    assertThat(ask("PING")).isEqualTo("+PONG");
  }

  @Test
  void aSecondStartOnTheSameDataIsRefusedWithASentence() {
    try (EmbeddedRedis second = new EmbeddedRedis(ServerConfig.in(data))) {
      assertThatThrownBy(second::start)
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("is in use by process");
    }
  }

  @Test
  void aServerThatAKilledProcessLeftBehindIsTakenOver(@TempDir Path orphaned) throws Exception {
    int port = OrphanMaker.leaveRedisRunning(orphaned);
    assertThat(FreePort.isFree(port)).isFalse();
    try (EmbeddedRedis heir = new EmbeddedRedis(ServerConfig.in(orphaned))) {
      heir.start();
      assertThat(heir.port()).isEqualTo(port);
    }
    assertThat(FreePort.isFree(port)).isTrue();
  }

  private String ask(String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port());
        BufferedReader answers =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      return answers.readLine();
    }
  }
}
