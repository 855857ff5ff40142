package dev.tidemark.pipeline.cache.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarksTest {
  private static final int PLENTY = 1_000;

  @Test
  void whatComesTooLateIsNotAllowed() {
    Marks marks = new Marks(PLENTY);
    marks.add("a", 700, 0);
    assertThat(marks.allow(Sight.parse("700:700:"), "a", List.of())).isFalse();
    assertThat(marks.allow(Sight.parse("700:702:700"), "a", List.of())).isFalse();
    assertThat(marks.allow(Sight.parse("701:701:"), "a", List.of())).isTrue();
    assertThat(marks.allow(Sight.parse("700:700:"), "b", List.of())).isTrue();
    assertThat(marks.allow(Sight.parse("700:700:"), "b", List.of("x", "a"))).isFalse();
  }

  @Test
  void aMarkStaysUntilItIsOldAndItsTransactionWasVisibleThen() {
    Marks marks = new Marks(PLENTY);
    marks.add("a", 700, 10);
    marks.forget(10, Sight.parse("800:800:"));
    assertThat(marks.size()).as("not old").isEqualTo(1);
    marks.forget(11, Sight.parse("700:800:700"));
    assertThat(marks.size()).as("not visible").isEqualTo(1);
    marks.forget(11, Sight.parse("800:800:"));
    assertThat(marks.size()).isZero();
  }

  @Test
  void beyondTheLimitTheOldestCountForAll() {
    Marks marks = new Marks(2);
    marks.add("a", 700, 0);
    marks.add("b", 701, 0);
    marks.add("c", 702, 0);
    assertThat(marks.size()).isEqualTo(2);
    assertThat(marks.allow(Sight.parse("700:710:"), "unrelated", List.of())).isFalse();
    assertThat(marks.allow(Sight.parse("701:710:"), "unrelated", List.of())).isTrue();
    marks.forget(1, Sight.parse("900:900:"));
    assertThat(marks.allow(Sight.parse("700:710:"), "unrelated", List.of())).isTrue();
  }

  /** Whatever is dropped or merged: an answer that misses a transaction is never allowed. */
  @Test
  void nothingThatMissesATransactionIsEverAllowed() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Marks marks = new Marks(4);
      List<long[]> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int target = random.nextInt(6);
        long transaction = 1_000L + random.nextInt(200);
        marks.add("t" + target, transaction, i);
        all.add(new long[] {target, transaction});
        long oldest = 1_000L + random.nextInt(200);
        Sight sight =
            Sight.parse(oldest + ":" + (oldest + 30) + ":" + (oldest + random.nextInt(30)));
        int asked = random.nextInt(6);
        boolean misses = all.stream().anyMatch(one -> one[0] == asked && !sight.shows(one[1]));
        if (misses) {
          assertThat(marks.allow(sight, "t" + asked, List.of()))
              .as("t%s in %s, seed %s", asked, sight, seed)
              .isFalse();
        }
      }
    }
  }
}
