package dev.tidemark.connectors.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestOfTransactionTest {
  private final RestOfTransaction rest = new RestOfTransaction();
  private long now = 42;

  @Test
  void isWaitedForForAWhileAndNoLonger() {
    int looks = 0;
    while (rest.isAwaited(now)) {
      now += Duration.ofMillis(100).toNanos();
      looks++;
    }
    assertThat(looks).isEqualTo(200);
  }

  @Test
  void aPauseOfTheProcessIsNoWaiting() {
    assertThat(rest.isAwaited(now)).isTrue();
    for (int pause = 0; pause < 19; pause++) {
      now += Duration.ofHours(1).toNanos();
      assertThat(rest.isAwaited(now)).as("after %d pauses", pause + 1).isTrue();
    }
    now += Duration.ofHours(1).toNanos();
    assertThat(rest.isAwaited(now)).isFalse();
  }

  @Test
  void eachTransactionIsWaitedForAnew() {
    for (int i = 0; i < 30; i++) {
      assertThat(rest.isAwaited(now)).isTrue();
      now += Duration.ofSeconds(1).toNanos();
      assertThat(rest.isAwaited(now)).isTrue();
      now += Duration.ofHours(1).toNanos();
      rest.forget();
    }
  }
}
