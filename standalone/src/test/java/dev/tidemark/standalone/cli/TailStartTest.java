package dev.tidemark.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.standalone.home.Refusal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TailStartTest {
  @Test
  void aStartIsAWordAnOffsetOrATime() {
    assertThat(TailStart.parse("beginning")).isEqualTo(new TailStart.Beginning());
    assertThat(TailStart.parse("end")).isEqualTo(new TailStart.End());
    assertThat(TailStart.parse("120")).isEqualTo(new TailStart.Offset(120));
    assertThat(TailStart.parse("2026-01-31T12:00:00Z"))
        .isEqualTo(new TailStart.Moment(Instant.parse("2026-01-31T12:00:00Z")));
  }

  @Test
  void anythingElseIsRefusedWithWhatItTakes() {
    assertThatThrownBy(() -> TailStart.parse("yesterday"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("--from takes beginning, end, an offset, or a time");
  }
}
