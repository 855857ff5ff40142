package dev.tidemark.connectors.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.connectors.capture.position.Start.OnLoss;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaptureSettingsTest {
  private static final String URL = "postgresql://me@localhost/shop";

  @Test
  void theDefaultsAreThese() {
    assertThat(
            CaptureSettings.fromEnvironment(
                Map.of("TIDEMARK_POSTGRES_URL", URL, "TIDEMARK_KAFKA", "localhost:9092")))
        .isEqualTo(
            new CaptureSettings(
                PostgresUrl.parse(URL),
                "localhost:9092",
                "tidemark",
                "tidemark",
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                4096,
                Duration.ofMinutes(15),
                7 * 1024 * 1024,
                OnLoss.STOP))
        .isEqualTo(CaptureSettings.of(URL, "localhost:9092"));
  }

  @Test
  void everySettingHasAVariable() {
    assertThat(
            CaptureSettings.fromEnvironment(
                Map.of(
                    "TIDEMARK_POSTGRES_URL", URL,
                    "TIDEMARK_KAFKA", "localhost:9092",
                    "TIDEMARK_CAPTURE_SLOT", "a",
                    "TIDEMARK_CAPTURE_PUBLICATION", "b",
                    "TIDEMARK_CAPTURE_POLL_INTERVAL", "7ms",
                    "TIDEMARK_CAPTURE_HEARTBEAT", "3s",
                    "TIDEMARK_CAPTURE_BATCH", "11",
                    "TIDEMARK_CAPTURE_SNAPSHOT_TIMEOUT", "1h",
                    "TIDEMARK_CAPTURE_MAX_RECORD_BYTES", "13",
                    "TIDEMARK_CAPTURE_ON_LOSS", "resnapshot")))
        .isEqualTo(
            new CaptureSettings(
                PostgresUrl.parse(URL),
                "localhost:9092",
                "a",
                "b",
                Duration.ofMillis(7),
                Duration.ofSeconds(3),
                11,
                Duration.ofHours(1),
                13,
                OnLoss.RESNAPSHOT));
  }

  @Test
  void aSettingThatIsWrongIsNamed() {
    refused("TIDEMARK_KAFKA", "");
    refused("TIDEMARK_CAPTURE_SLOT", "Robert'); DROP TABLE students");
    refused("TIDEMARK_CAPTURE_POLL_INTERVAL", "soon");
    refused("TIDEMARK_CAPTURE_POLL_INTERVAL", "0ms");
    refused("TIDEMARK_CAPTURE_BATCH", "many");
    refused("TIDEMARK_CAPTURE_ON_LOSS", "shrug");
  }

  private static void refused(String name, String value) {
    Map<String, String> environment =
        new HashMap<>(Map.of("TIDEMARK_POSTGRES_URL", URL, "TIDEMARK_KAFKA", "localhost:9092"));
    environment.put(name, value);
    assertThatThrownBy(() -> CaptureSettings.fromEnvironment(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
