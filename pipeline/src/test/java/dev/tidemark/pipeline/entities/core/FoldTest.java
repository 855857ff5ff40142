package dev.tidemark.pipeline.entities.core;

import static dev.tidemark.pipeline.entities.core.Changes.delete;
import static dev.tidemark.pipeline.entities.core.Changes.insert;
import static dev.tidemark.pipeline.entities.core.Changes.read;
import static dev.tidemark.pipeline.entities.core.Changes.row;
import static dev.tidemark.pipeline.entities.core.Changes.truncate;
import static dev.tidemark.pipeline.entities.core.Changes.update;
import static dev.tidemark.pipeline.entities.core.Changes.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.EntityChange;
import dev.tidemark.pipeline.entities.core.EntityState.Deleted;
import dev.tidemark.pipeline.entities.core.EntityState.Live;
import dev.tidemark.pipeline.entities.core.Folded.Ignored;
import dev.tidemark.pipeline.entities.core.Folded.Reason;
import dev.tidemark.pipeline.entities.core.Folded.Replaced;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FoldTest {
  private static final String KEY = "ticket/7";
  private final EntityChange insert =
      insert(KEY, v(1, 100), row("id", 7, "title", "leak", "state", "open"));

  @Test
  void anInsertGivesEveryFieldItsVersion() {
    assertThat(Fold.apply(null, insert))
        .isEqualTo(
            new Replaced(
                new Live(
                    row("id", 7, "title", "leak", "state", "open"),
                    LastChange.of(insert),
                    Map.of("id", v(1, 100), "title", v(1, 100), "state", v(1, 100)))));
  }

  @Test
  void anUpdateGivesOnlyTheChangedFieldsItsVersion() {
    EntityChange update =
        update(KEY, v(1, 200), row("id", 7, "title", "leak", "state", "done"), "state");
    assertThat(fold(insert, update))
        .isEqualTo(
            new Live(
                row("id", 7, "title", "leak", "state", "done"),
                LastChange.of(update),
                Map.of("id", v(1, 100), "title", v(1, 100), "state", v(1, 200))));
  }

  @Test
  void aFieldOfWhichNoChangeToldIsOlderThanEveryChangeOfTheEpoch() {
    EntityChange update = update(KEY, v(1, 200), row("id", 7, "state", "done"), "state");
    assertThat(fold(update).fieldVersions()).isEqualTo(Map.of("id", v(1, 0), "state", v(1, 200)));
  }

  @Test
  void anUpdateOfANewEpochMakesTheOtherFieldsDoubtful() {
    EntityChange update =
        update(KEY, v(2, 5), row("id", 7, "title", "leak", "state", "done"), "state");
    assertThat(fold(insert, update).fieldVersions())
        .isEqualTo(Map.of("id", v(2, 0), "title", v(2, 0), "state", v(2, 5)));
  }

  @Test
  void aColumnThatAppearsWithAnUpdateIsKnownAndOneThatIsDroppedIsForgotten() {
    EntityChange update = update(KEY, v(1, 200), row("id", 7, "title", "tap", "room", 3), "title");
    assertThat(fold(insert, update).fieldVersions())
        .isEqualTo(Map.of("id", v(1, 100), "title", v(1, 200), "room", v(1, 0)));
  }

  @Test
  void aDeleteLeavesATombstoneWithTheLastImageAndTheFieldVersions() {
    EntityChange delete = delete(KEY, v(1, 300), row("id", 7, "title", "leak", "state", "open"));
    assertThat(fold(insert, delete))
        .isEqualTo(
            new Deleted(
                row("id", 7, "title", "leak", "state", "open"),
                LastChange.of(delete),
                Map.of("id", v(1, 100), "title", v(1, 100), "state", v(1, 100))));
  }

  @Test
  void aDeleteWithoutAnImageKeepsTheKnownOne() {
    assertThat(fold(insert, delete(KEY, v(1, 300), null)))
        .isInstanceOfSatisfying(
            Deleted.class, deleted -> assertThat(deleted.lastRow()).isEqualTo(insert.after()));
  }

  @Test
  void aDeleteOfAnUnknownRowIsRemembered() {
    EntityChange delete = delete(KEY, v(1, 300), null);
    assertThat(fold(delete)).isEqualTo(new Deleted(null, LastChange.of(delete), Map.of()));
  }

  @Test
  void anInsertRevivesADeletedRowWithAllFieldsNew() {
    EntityChange again = insert(KEY, v(1, 301), row("id", 7, "title", "tap"));
    assertThat(fold(insert, delete(KEY, v(1, 300), null), again))
        .isEqualTo(
            new Live(
                row("id", 7, "title", "tap"),
                LastChange.of(again),
                Map.of("id", v(1, 301), "title", v(1, 301))));
  }

  @Test
  void anUpdateAfterADeleteMeansThatEveryFieldMayBeNew() {
    EntityChange update = update(KEY, v(1, 400), row("id", 7, "title", "tap"), "title");
    assertThat(fold(insert, delete(KEY, v(1, 300), null), update).fieldVersions())
        .isEqualTo(Map.of("id", v(1, 400), "title", v(1, 400)));
  }

  @Test
  void theSameChangeOnceMoreIsIgnored() {
    assertThat(Fold.apply(fold(insert), insert)).isEqualTo(new Ignored(Reason.REPEATED));
  }

  @Test
  void anOlderChangeIsIgnored() {
    EntityState known = fold(insert, delete(KEY, v(1, 300), null));
    assertThat(Fold.apply(known, insert)).isEqualTo(new Ignored(Reason.STALE));
  }

  @Test
  void aChangeOfAnOlderEpochIsIgnoredHoweverGreatItsPosition() {
    EntityState known = fold(insert(KEY, v(2, 5), row("id", 7)));
    assertThat(Fold.apply(known, update(KEY, v(1, 9_999), row("id", 7), "id")))
        .isEqualTo(new Ignored(Reason.STALE));
  }

  @Test
  void aChangeOfANewerEpochCountsHoweverSmallItsPosition() {
    EntityChange change = insert(KEY, v(2, 5), row("id", 7));
    assertThat(fold(insert, change).version()).isEqualTo(v(2, 5));
  }

  @Test
  void anIncrementalSnapshotFillsInWhatIsAbsent() {
    EntityChange read = read(KEY, v(1, 0), row("id", 7, "title", "leak"));
    assertThat(fold(read))
        .isEqualTo(
            new Live(
                row("id", 7, "title", "leak"),
                LastChange.of(read),
                Map.of("id", v(1, 0), "title", v(1, 0))));
  }

  @Test
  void anIncrementalSnapshotNeverOverridesAChangeOfItsEpoch() {
    EntityChange read = read(KEY, v(1, 0), row("id", 7, "title", "old"));
    assertThat(Fold.apply(fold(insert), read)).isEqualTo(new Ignored(Reason.KNOWN_FROM_CHANGES));
    assertThat(Fold.apply(fold(insert, delete(KEY, v(1, 300), null)), read))
        .isEqualTo(new Ignored(Reason.KNOWN_FROM_CHANGES));
  }

  @Test
  void anIncrementalSnapshotOverridesAnOlderEpoch() {
    EntityChange read = read(KEY, v(2, 0), row("id", 7, "title", "new"));
    assertThat(fold(insert, read).version()).isEqualTo(v(2, 0));
  }

  @Test
  void anIncrementalSnapshotOfAnOlderEpochIsMerelyStale() {
    EntityState known = fold(insert(KEY, v(2, 5), row("id", 7)));
    assertThat(Fold.apply(known, read(KEY, v(1, 0), row("id", 7))))
        .isEqualTo(new Ignored(Reason.STALE));
  }

  @Test
  void aTruncateEndsWhatIsNotNewer() {
    LastChange truncate = LastChange.of(truncate("ticket", v(1, 100)));
    assertThat(Fold.truncate(fold(insert), truncate))
        .isEqualTo(
            new Replaced(new Deleted(insert.after(), truncate, fold(insert).fieldVersions())));
    assertThat(Fold.truncate(fold(insert(KEY, v(1, 101), row("id", 7))), truncate))
        .isEqualTo(new Ignored(Reason.STALE));
    assertThat(Fold.truncate(fold(delete(KEY, v(1, 50), null)), truncate))
        .isEqualTo(new Ignored(Reason.ALREADY_DELETED));
  }

  @Test
  void aTruncateIsNoChangeOfOneRow() {
    assertThatThrownBy(() -> Fold.apply(null, truncate("ticket", v(1, 100))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static EntityState fold(EntityChange... changes) {
    @Nullable EntityState state = null;
    for (EntityChange change : changes) {
      if (Fold.apply(state, change) instanceof Replaced(EntityState next)) {
        state = next;
      }
    }
    if (state == null) {
      throw new AssertionError("no change made a state");
    }
    return state;
  }
}
