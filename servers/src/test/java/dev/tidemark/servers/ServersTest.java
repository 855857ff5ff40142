package dev.tidemark.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ServersTest {
  @Test
  void aTestGetsAllThreeWithOneCall() {
    try (Servers servers = Servers.forTests()) {
      assertThat(servers.postgresUrl()).startsWith("postgresql://postgres:");
      assertThat(servers.kafka()).matches(".+:\\d+");
      assertThat(servers.redisUrl()).matches("redis://.+:\\d+");
    }
  }
}
