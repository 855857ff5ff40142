package dev.tidemark.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartsTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private final Restarts restarts = new Restarts();

  @Test
  void theWaitDoublesUpToALimit() {
    assertThat(restarts.afterFailure(START)).isEqualTo(Duration.ofMillis(200));
    assertThat(restarts.afterFailure(START)).isEqualTo(Duration.ofMillis(400));
    for (int i = 0; i < 20; i++) {
      restarts.afterFailure(START);
    }
    assertThat(restarts.afterFailure(START)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aQuietTimeForgetsTheFailures() {
    restarts.afterFailure(START);
    restarts.afterFailure(START);
    assertThat(restarts.afterFailure(START.plus(Duration.ofMinutes(3))))
        .isEqualTo(Duration.ofMillis(200));
  }
}
