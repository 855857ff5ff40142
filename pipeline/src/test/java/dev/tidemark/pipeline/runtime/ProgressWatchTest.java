package dev.tidemark.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.runtime.ProgressWatch.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ProgressWatchTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private final ProgressWatch watch = new ProgressWatch(Duration.ofSeconds(10));

  @Test
  void aPartitionThatIsReadToItsEndMayStandStillForEver() {
    assertThat(at(0, position(7, 7))).isEmpty();
    assertThat(at(3_600, position(7, 7))).isEmpty();
  }

  @Test
  void aPartitionThatMovesIsFineHoweverFarBehind() {
    for (int second = 0; second < 60; second += 5) {
      assertThat(at(second, position(second, 1_000_000))).isEmpty();
    }
  }

  @Test
  void aPartitionThatStandsBeforeRecordsHasStalledOnceThePatienceIsOver() {
    assertThat(at(0, position(7, 9))).isEmpty();
    assertThat(at(9, position(7, 12))).isEmpty();
    assertThat(at(10, position(7, 12))).hasToString("[changes-0 stands at 7, 5 behind]");
  }

  @Test
  void recordsThatArriveAfterALongRestDoNotCountTheRest() {
    assertThat(at(0, position(7, 7))).isEmpty();
    assertThat(at(3_600, position(7, 8))).isEmpty();
    assertThat(at(3_609, position(7, 8))).isEmpty();
    assertThat(at(3_610, position(7, 8))).hasSize(1);
  }

  @Test
  void aPartitionThatWentElsewhereIsForgotten() {
    assertThat(at(0, position(7, 9))).isEmpty();
    assertThat(at(5)).isEmpty();
    assertThat(at(10, position(7, 9))).isEmpty();
  }

  private static Position position(long committed, long end) {
    return new Position(new TopicPartition("changes", 0), committed, end);
  }

  private List<Position> at(int second, Position... positions) {
    return watch.stalled(List.of(positions), START.plusSeconds(second));
  }
}
