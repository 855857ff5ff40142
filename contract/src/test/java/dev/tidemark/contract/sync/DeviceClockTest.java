package dev.tidemark.contract.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DeviceClockTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final int ROUNDS = 3_000;

  @Test
  void aClockThatIsOffByHoursIsCorrected() {
    DeviceClock fast = DeviceClock.of(NOW.plus(Duration.ofHours(3)), NOW);
    assertThat(fast.corrected(NOW.plus(Duration.ofHours(2))))
        .isEqualTo(NOW.minus(Duration.ofHours(1)));
    DeviceClock slow = DeviceClock.of(NOW.minus(Duration.ofDays(400)), NOW);
    assertThat(slow.corrected(NOW.minus(Duration.ofDays(401))))
        .isEqualTo(NOW.minus(Duration.ofDays(1)));
  }

  @Test
  void whatABatchTakesToArriveIsNoFaultOfTheClock() {
    DeviceClock clock = DeviceClock.of(NOW.minusSeconds(3), NOW);
    assertThat(clock.ahead()).isZero();
    assertThat(clock.corrected(NOW.minusSeconds(60))).isEqualTo(NOW.minusSeconds(60));
  }

  @Test
  void withoutTheDevicesWordNothingIsCorrectedButTheFuture() {
    DeviceClock clock = DeviceClock.of(null, NOW);
    assertThat(clock.corrected(NOW.minusSeconds(60))).isEqualTo(NOW.minusSeconds(60));
    assertThat(clock.corrected(NOW.plusSeconds(60))).isEqualTo(NOW);
  }

  @Test
  void orderIsKeptAndNothingIsInTheFuture() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      DeviceClock clock = DeviceClock.of(NOW.plusMillis(offset(random)), NOW);
      Instant one = NOW.plusMillis(offset(random));
      Instant other = NOW.plusMillis(offset(random));
      assertThat(clock.corrected(one)).as("seed %d", seed).isBeforeOrEqualTo(NOW);
      assertThat(clock.corrected(one.isBefore(other) ? one : other))
          .as("seed %d", seed)
          .isBeforeOrEqualTo(clock.corrected(one.isBefore(other) ? other : one));
    }
  }

  @Test
  void whatTheDeviceDidBeforeItSentHappenedAsLongBeforeItArrived() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Instant sent = NOW.plus(Duration.ofHours(1 + random.nextInt(10_000))).plusMillis(seed);
      Duration earlier = Duration.ofMillis(random.nextInt(Integer.MAX_VALUE));
      assertThat(DeviceClock.of(sent, NOW).corrected(sent.minus(earlier)))
          .as("seed %d", seed)
          .isEqualTo(NOW.minus(earlier));
    }
  }

  private static long offset(Random random) {
    return random.nextLong(-1_000_000_000L, 1_000_000_000L);
  }
}
