package dev.tidemark.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamsSettingsTest {
  @Test
  void onlyTheBrokersMustBeNamed() {
    assertThat(StreamsSettings.from(Map.of("TIDEMARK_KAFKA", "broker:9092"), null))
        .isEqualTo(
            new StreamsSettings(
                "broker:9092",
                Path.of(".tidemark/state"),
                null,
                1,
                0,
                1,
                Duration.ofMillis(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                256L * 1024 * 1024));
  }

  @Test
  void everySettingCanBeGiven() {
    Map<String, String> environment =
        Map.of(
            "TIDEMARK_KAFKA", "broker:9092",
            "TIDEMARK_STATE_DIR", "/state",
            "TIDEMARK_STREAMS_THREADS", "2",
            "TIDEMARK_STREAMS_STANDBYS", "1",
            "TIDEMARK_REPLICATION", "3",
            "TIDEMARK_STREAMS_COMMIT_INTERVAL_MS", "50",
            "TIDEMARK_STREAMS_SESSION_TIMEOUT_MS", "6000",
            "TIDEMARK_STREAMS_TRANSACTION_TIMEOUT_MS", "5000",
            "TIDEMARK_STREAMS_STORE_MEMORY_MIB", "512");
    assertThat(StreamsSettings.from(environment, "node-1:8080"))
        .isEqualTo(
            new StreamsSettings(
                "broker:9092",
                Path.of("/state"),
                "node-1:8080",
                2,
                1,
                3,
                Duration.ofMillis(50),
                Duration.ofSeconds(6),
                Duration.ofSeconds(5),
                512L * 1024 * 1024));
  }

  @ParameterizedTest
  @CsvSource({
    "TIDEMARK_STREAMS_THREADS, 0, threads is 0",
    "TIDEMARK_STREAMS_THREADS, two, TIDEMARK_STREAMS_THREADS is 'two'",
    "TIDEMARK_STREAMS_STANDBYS, -1, standbys is -1",
    "TIDEMARK_REPLICATION, 0, replication is 0",
    "TIDEMARK_STREAMS_COMMIT_INTERVAL_MS, 0, commitInterval in ms is 0",
    "TIDEMARK_STREAMS_COMMIT_INTERVAL_MS, 3000, cannot commit every",
    "TIDEMARK_STREAMS_SESSION_TIMEOUT_MS, 10, sessionTimeout in ms is 10",
    "TIDEMARK_STREAMS_STORE_MEMORY_MIB, 1, storeMemory is 1048576",
  })
  void whatCannotWorkIsRefusedByName(String name, String value, String message) {
    Map<String, String> environment = Map.of("TIDEMARK_KAFKA", "broker:9092", name, value);
    assertThatThrownBy(() -> StreamsSettings.from(environment, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theBrokersMustBeNamed() {
    assertThatThrownBy(() -> StreamsSettings.from(Map.of(), null))
        .hasMessageContaining("TIDEMARK_KAFKA is not set");
  }

  @ParameterizedTest
  @CsvSource({"node-1", "http://node-1:80", "node-1:", "node 1:80"})
  void aServerIsAHostAndAPort(String server) {
    Map<String, String> environment = Map.of("TIDEMARK_KAFKA", "broker:9092");
    assertThatThrownBy(() -> StreamsSettings.from(environment, server))
        .hasMessageContaining("not of the form host:port");
  }
}
