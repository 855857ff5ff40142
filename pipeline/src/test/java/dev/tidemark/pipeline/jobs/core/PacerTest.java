package dev.tidemark.pipeline.jobs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.contract.catalog.job.Pace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacerTest {
  private static final Pace TEN_A_MINUTE = new Pace(10, Duration.ofMinutes(1));
  private static final long NOW = 1_780_000_000_000L;

  @Test
  void asManyAsThePaceSaysBeginAtOnce() {
    Pacer pacer = Pacer.empty();
    assertThat(pacer.room(TEN_A_MINUTE, NOW)).isEqualTo(10);
    assertThat(pacer.nextRoom(TEN_A_MINUTE, NOW)).isEqualTo(NOW);
    Pacer full = pacer.begin(TEN_A_MINUTE, NOW, 10);
    assertThat(full.room(TEN_A_MINUTE, NOW)).isZero();
    assertThat(full.room(TEN_A_MINUTE, NOW + 59_999)).isZero();
    assertThat(full.room(TEN_A_MINUTE, NOW + 65_000)).isEqualTo(10);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> full.begin(TEN_A_MINUTE, NOW + 1, 1))
        .withMessageContaining("1 more than");
  }

  @Test
  void aClockThatIsSetBackGivesNoRoom() {
    Pacer full = Pacer.empty().begin(TEN_A_MINUTE, NOW, 10);
    assertThat(full.room(TEN_A_MINUTE, NOW - 3_600_000)).isZero();
    assertThat(full.room(TEN_A_MINUTE, NOW + 30_000)).isZero();
  }

  @Test
  void anotherPaceCountsWhatHasBegunOfLate() {
    Pacer seven = Pacer.empty().begin(TEN_A_MINUTE, NOW, 7);
    assertThat(seven.room(new Pace(8, Duration.ofHours(1)), NOW + 1)).isEqualTo(1);
    assertThat(seven.room(new Pace(5, Duration.ofSeconds(1)), NOW + 1)).isZero();
  }

  @Test
  void whoBeginsAsSoonAsHeMayLosesOneInSeventeen() {
    Pacer pacer = Pacer.empty();
    long now = NOW;
    for (int i = 0; i < 340; i++) {
      now = pacer.nextRoom(TEN_A_MINUTE, now);
      pacer = pacer.begin(TEN_A_MINUTE, now, pacer.room(TEN_A_MINUTE, now));
    }
    // All at once, and again as soon as that lets them.
    assertThat(Duration.ofMillis(now - NOW))
        .isLessThanOrEqualTo(Duration.ofMinutes(339 * 17 / 16 + 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void inNoStretchOfTimeDoMoreBeginAndHardlyFewer(long seed) {
    Random random = new Random(seed);
    long per = 1L + random.nextInt(random.nextBoolean() ? 50 : 100_000);
    Pace pace = new Pace(1 + random.nextInt(40), Duration.ofMillis(per));
    Pacer pacer = Pacer.empty();
    Deque<Long> begun = new ArrayDeque<>();
    long now = NOW;
    long all = 0;
    for (int i = 0; i < 3_000; i++) {
      if (random.nextInt(4) == 0) {
        now += random.nextLong(per / 4 + 1);
      } else {
        now = Math.max(now, pacer.nextRoom(pace, now));
        assertThat(pacer.room(pace, now)).as("room when it was promised").isPositive();
      }
      int count = Math.min(pacer.room(pace, now), 1 + random.nextInt(5));
      pacer = pacer.begin(pace, now, count);
      all += count;
      for (int j = 0; j < count; j++) {
        begun.addLast(now);
      }
      while (!begun.isEmpty() && begun.getFirst() <= now - per) {
        begun.removeFirst();
      }
      assertThat(begun.size()).isLessThanOrEqualTo(pace.count());
    }
    // Whoever begins as soon as he may loses one slice of seventeen, and what slices are rounded
    // by.
    long slice = Math.ceilDiv(per, 16);
    double least = (double) (now - NOW) / (17 * slice) * pace.count();
    assertThat((double) all).isGreaterThan(0.5 * least - pace.count());
  }
}
