package dev.tidemark.pipeline.cache.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SightTest {
  @Test
  void whatHadEndedIsShownAndWhatRanIsNot() {
    Sight sight = Sight.parse("700:705:701,703");
    assertThat(sight.shows(699)).isTrue();
    assertThat(sight.shows(700)).isTrue();
    assertThat(sight.shows(701)).isFalse();
    assertThat(sight.shows(702)).isTrue();
    assertThat(sight.shows(703)).isFalse();
    assertThat(sight.shows(705)).as("begun later").isFalse();
    assertThat(sight.shows(0)).as("not known").isFalse();
    assertThat(sight.showsAllUpTo(699)).isTrue();
    assertThat(sight.showsAllUpTo(700)).isFalse();
    assertThat(sight.text()).isEqualTo("700:705:701,703");
  }

  @Test
  void transactionsOfTheLogHaveThirtyTwoBits() {
    long cycle = 1L << 32;
    long next = 5 * cycle + 10;
    Sight sight = Sight.parse((next - 20) + ":" + next + ":" + (next - 3));
    assertThat(sight.shows((next - 21) % cycle)).as("before the turn of the circle").isTrue();
    assertThat(sight.shows((next - 3) % cycle)).isFalse();
    assertThat(sight.shows((next - 2) % cycle)).isTrue();
    assertThat(sight.shows((next + 5) % cycle)).isFalse();
    assertThat(sight.shows(next - 3)).as("with all its bits").isFalse();
  }

  @Test
  void itShowsWhatPostgresWouldShow() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      long oldest = 1L + Math.floorMod(random.nextLong(), 1L << 40);
      long next = oldest + random.nextInt(50);
      TreeSet<Long> running = new TreeSet<>();
      for (int i = 0; i < random.nextInt(10); i++) {
        if (next > oldest) {
          running.add(oldest + random.nextInt((int) (next - oldest)));
        }
      }
      Sight sight =
          Sight.parse(
              oldest
                  + ":"
                  + next
                  + ":"
                  + running.stream().map(String::valueOf).collect(Collectors.joining(",")));
      for (long id = Math.max(1, oldest - 5); id < next + 5; id++) {
        boolean shown = id < oldest || (id < next && !running.contains(id));
        if (id % (1L << 32) != 0) {
          assertThat(sight.shows(id % (1L << 32)))
              .as("%s of %s, seed %s", id, sight, seed)
              .isEqualTo(shown);
        }
      }
    }
  }

  @Test
  void ofVeryManyThatRunItShowsLessAndNeverMore() {
    StringBuilder text = new StringBuilder("1000:2000:");
    for (int id = 1000; id < 1200; id++) {
      text.append(id == 1000 ? "" : ",").append(id);
    }
    Sight sight = Sight.parse(text.toString());
    assertThat(sight.shows(999)).isTrue();
    assertThat(sight.shows(1500)).isFalse();
    assertThat(sight.text()).isEqualTo("1000:1000:");
  }

  @Test
  void whatIsNoSnapshotIsRefused() {
    for (String text : new String[] {"", "1:2", "a:b:", "5:4:", "0:1:", "1:2:x"}) {
      assertThatThrownBy(() -> Sight.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
