package dev.tidemark.pipeline.board.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private final Recent recent = new Recent();

  @Test
  void percentilesAreWithinAFifth() {
    for (int i = 1; i <= 1_000; i++) {
      recent.ended(NOW.plusMillis(i), true, Duration.ofMillis(i), Duration.ofMillis(10L * i));
    }
    Recent.Figures figures = recent.figures(NOW.plusSeconds(2));
    assertThat(figures.completed()).isEqualTo(1_000);
    assertThat(figures.waits().p50()).isBetween(500.0, 600.0);
    assertThat(figures.waits().p95()).isBetween(950.0, 1_140.0);
    assertThat(figures.runs().p99()).isBetween(9_900.0, 11_880.0);
    assertThat(figures.runs().count()).isEqualTo(1_000);
  }

  @Test
  void whatIsLongAgoCountsNoMore() {
    recent.ended(NOW, false, Duration.ZERO, Duration.ofMillis(1));
    assertThat(recent.figures(NOW.plusSeconds(290)).failed()).isEqualTo(1);
    assertThat(recent.figures(NOW.plusSeconds(301)).failed()).isZero();
    recent.ended(NOW.plusSeconds(300), true, Duration.ZERO, Duration.ZERO);
    assertThat(recent.figures(NOW.plusSeconds(301)))
        .as("its slot is another's now")
        .extracting(Recent.Figures::completed, Recent.Figures::failed)
        .containsExactly(1L, 0L);
    recent.ended(NOW, true, Duration.ZERO, Duration.ZERO);
    assertThat(recent.figures(NOW.plusSeconds(301)).completed()).as("too late").isEqualTo(1);
  }

  @Test
  void nothingIsZero() {
    assertThat(recent.figures(NOW).waits().p99()).isCloseTo(0, within(0.0));
    recent.ended(NOW, true, Duration.ofMillis(-5), Duration.ofDays(300));
    assertThat(recent.figures(NOW).waits().p50()).isCloseTo(0, within(0.0));
    assertThat(recent.figures(NOW).runs().p50()).isGreaterThan(1e9);
  }
}
