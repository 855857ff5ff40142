package dev.tidemark.pipeline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
  private final CommitPace pace = new CommitPace(Duration.ofMillis(40), 0);

  /** How many commits are asked for in a second of so many commands. */
  private int commits(int commands) {
    int commits = 0;
    for (int i = 0; i < commands; i++) {
      long now = TimeUnit.SECONDS.toNanos(1) * i / commands;
      pace.taken(now);
      pace.decided();
      if (pace.isDue(now)) {
        commits++;
      }
    }
    return commits;
  }

  @Test
  void whereLittleIsDoneEachDecisionIsCommittedAtOnce() {
    assertThat(commits(100)).isEqualTo(100);
  }

  @Test
  void whereMoreIsDoneSomeAreCommittedTogether() {
    assertThat(commits(1_000)).isBetween(80, 110);
  }

  @Test
  void whereMuchIsDoneStreamsCommitsByItself() {
    assertThat(commits(20_000)).isLessThan(10);
  }

  @Test
  void nothingIsCommittedWhereNothingWasDecided() {
    pace.taken(TimeUnit.SECONDS.toNanos(1));
    assertThat(pace.isDue(TimeUnit.SECONDS.toNanos(1))).isFalse();
  }

  @Test
  void whatWasDecidedIsCommittedWhenNothingComesAnyMore() {
    commits(1_000);
    pace.decided();
    long later = TimeUnit.MILLISECONDS.toNanos(1_011);
    assertThat(pace.isDue(later)).isTrue();
    assertThat(pace.isDue(later)).isFalse();
  }
}
