package dev.tidemark.connectors.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriterSettingsTest {
  private static final Map<String, String> LEAST =
      Map.of(
          "TIDEMARK_POSTGRES_URL",
          "postgresql://writer@127.0.0.1/app",
          "TIDEMARK_KAFKA",
          "localhost:9092");

  @Test
  void whatIsNotSetHasADefault() {
    assertThat(WriterSettings.fromEnvironment(LEAST))
        .isEqualTo(WriterSettings.of("postgresql://writer@127.0.0.1/app", "localhost:9092"));
  }

  @Test
  void everySettingIsRead() {
    WriterSettings settings =
        WriterSettings.fromEnvironment(
            with(Map.of("TIDEMARK_WRITER_BATCH", "7", "TIDEMARK_WRITER_LOCK_TIMEOUT", "20ms")));
    assertThat(settings.batch()).isEqualTo(7);
    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofMillis(20));
  }

  @ParameterizedTest
  @CsvSource({
    "TIDEMARK_KAFKA,               ' ',  TIDEMARK_KAFKA is not set",
    "TIDEMARK_POSTGRES_URL,        '',   TIDEMARK_POSTGRES_URL is not set",
    "TIDEMARK_WRITER_BATCH,        many, TIDEMARK_WRITER_BATCH is 'many'; it takes a number",
    "TIDEMARK_WRITER_BATCH,        0,    TIDEMARK_WRITER_BATCH must be greater than zero",
    "TIDEMARK_WRITER_LOCK_TIMEOUT, soon, TIDEMARK_WRITER_LOCK_TIMEOUT is 'soon'; it takes a duration",
    "TIDEMARK_WRITER_LOCK_TIMEOUT, 0s,   TIDEMARK_WRITER_LOCK_TIMEOUT must be greater than zero"
  })
  void whatCannotBeIsRefusedByItsName(String name, String value, String sentence) {
    assertThatThrownBy(() -> WriterSettings.fromEnvironment(with(Map.of(name, value))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  private static Map<String, String> with(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(LEAST);
    environment.putAll(more);
    return environment;
  }
}
