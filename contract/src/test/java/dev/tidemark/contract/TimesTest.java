package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  private static final long YEAR_ZERO = -62_167_219_200L;
  private static final long YEAR_10000 = 253_402_300_800L;

  @Test
  void readsWhatAnInstantWrites() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      long seconds = random.nextLong(YEAR_ZERO - 1_000_000, YEAR_10000 + 1_000_000);
      long grain = (long) Math.pow(10, random.nextInt(10));
      long nanos = random.nextInt(1_000_000_000) / grain * grain;
      Instant time = Instant.ofEpochSecond(seconds, nanos);
      assertThat(Times.parse(time.toString())).isEqualTo(time);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-15T14:30:05Z",
        "2026-01-15T14:30:05.2Z",
        "2026-01-15T14:30:05.25Z",
        "2026-01-15T14:30:05.123456789Z",
        "2024-02-29T00:00:00Z",
        "2026-01-15T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "2026-01-15T14:30:05+02:00",
        "+12026-01-15T14:30:05Z",
        "-0001-01-15T14:30:05Z",
        "2026-01-15t14:30:05z",
        "2026-01-15T14:30:05.Z"
      })
  void readsWhatAnInstantReads(String text) {
    assertThat(Times.parse(text)).isEqualTo(Instant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-01-15",
        "2026-02-30T14:30:05Z",
        "2026-13-01T14:30:05Z",
        "2026-01-15T25:30:05Z",
        "2026-01-15T14:61:05Z",
        "2026-01-15T14:30:61Z",
        "2026-01-15T14:30:05.1234567890Z",
        "2026-01-15T14:30:0xZ",
        "20x6-01-15T14:30:05Z",
        "2026-01-15T14:30:05.1x3Z",
        "2026-01-15 14:30:05Z",
        "２０２６-01-15T14:30:05Z"
      })
  void refusesWhatAnInstantRefuses(String text) {
    assertThatThrownBy(() -> Instant.parse(text)).isInstanceOf(DateTimeException.class);
    assertThatThrownBy(() -> Times.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
