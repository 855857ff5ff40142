package dev.tidemark.bench.verify.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryTest {
  private final List<Long> forgotten = new ArrayList<>();
  private final Story story = new Story(forgotten::add);

  @Test
  void anAnswerThatShowsEverythingIsBehindInNothing() {
    committed(1, 10);
    committed(2, 20);
    assertThat(story.look(2, 30, 31)).isEqualTo(new Story.Finding(true, 0, 0));
  }

  @Test
  void anAnswerIsAsOldAsTheFirstCommitThatItLacks() {
    committed(1, 10);
    committed(2, 20);
    committed(3, 50);
    assertThat(story.look(1, 100, 101)).isEqualTo(new Story.Finding(true, 80, 2));
  }

  @Test
  void aCommitThatHasNotReturnedMayBeShownOrNot() {
    committed(1, 10);
    var _ = story.append(2);
    assertThat(story.look(1, 100, 101).age()).isZero();
    assertThat(story.look(2, 100, 101).found()).isTrue();
  }

  @Test
  void whatOneReaderWasShownAllHaveToBeShown() {
    committed(1, 10);
    var _ = story.append(2);
    var _ = story.look(2, 40, 50);
    assertThat(story.look(1, 100, 101)).isEqualTo(new Story.Finding(true, 50, 1));
  }

  @Test
  void whatWasRolledBackIsNoAnswer() {
    committed(1, 10);
    Story.Chapter chapter = requireNonNull(story.append(2));
    assertThat(chapter.undo()).isFalse();
    assertThat(story.look(2, 100, 101).found()).isFalse();
    assertThat(story.look(1, 100, 101)).isEqualTo(new Story.Finding(true, 0, 0));
  }

  @Test
  void whatWasShownBeforeItWasRolledBackIsKnown() {
    committed(1, 10);
    Story.Chapter chapter = requireNonNull(story.append(2));
    var _ = story.look(2, 40, 50);
    assertThat(chapter.undo()).isTrue();
  }

  @Test
  void ofAValueThatComesAgainTheLastCounts() {
    committed(1, 10);
    committed(2, 20);
    committed(1, 30);
    assertThat(story.look(1, 100, 101).age()).isZero();
    assertThat(story.look(2, 100, 101).age()).isEqualTo(70);
  }

  @Test
  void eachCommitIsToldOfWithTheLongestTimeThatItWasMissing() {
    committed(1, 10);
    committed(2, 20);
    var _ = story.look(1, 25, 26);
    var _ = story.look(1, 60, 61);
    story.close();
    assertThat(forgotten).containsExactly(0L, 40L);
  }

  @Test
  void aLongStoryForgetsItsBeginning() {
    for (int i = 1; i <= 20_000; i++) {
      committed(i, i);
    }
    assertThat(story.look(1, 30_000, 30_001).found()).isFalse();
    assertThat(story.look(20_000, 30_000, 30_001).age()).isZero();
  }

  private void committed(long value, long now) {
    requireNonNull(story.append(value)).committed(now);
  }
}
