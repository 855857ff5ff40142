package dev.tidemark.pipeline.entities.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Version;
import dev.tidemark.pipeline.entities.core.EntityState.Deleted;
import dev.tidemark.pipeline.entities.core.EntityState.Live;
import dev.tidemark.pipeline.entities.core.Folded.Replaced;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for every history of a row; the failing seed is in the message. */
class FoldPropertiesTest {
  private static final int ROUNDS = 3_000;

  @Test
  void replayingAnyPrefixAgainChangesNothing() {
    forEveryHistory(
        (history, random) -> {
          EntityState once = fold(null, history);
          List<EntityChange> prefix = history.subList(0, 1 + random.nextInt(history.size()));
          assertThat(fold(once, prefix)).isEqualTo(once);
        });
  }

  @Test
  void repeatingChangesOnTheWayChangesNothing() {
    forEveryHistory(
        (history, random) -> {
          List<EntityChange> stuttering = new ArrayList<>();
          for (int i = 0; i < history.size(); i++) {
            stuttering.add(history.get(i));
            if (random.nextInt(3) == 0) {
              stuttering.addAll(history.subList(random.nextInt(i + 1), i + 1));
            }
          }
          assertThat(fold(null, stuttering)).isEqualTo(fold(null, history));
        });
  }

  @Test
  void theLastChangeDecidesWhateverTheOrder() {
    forEveryHistory(
        (history, random) -> {
          List<EntityChange> shuffled = new ArrayList<>(history);
          Collections.shuffle(shuffled, random);
          EntityState expected = fold(null, history);
          EntityState state = fold(null, shuffled);
          assertThat(state.lastChange()).isEqualTo(expected.lastChange());
          assertThat(state instanceof Live).isEqualTo(expected instanceof Live);
          if (expected instanceof Live live) {
            assertThat(((Live) state).row()).isEqualTo(live.row());
          }
        });
  }

  @Test
  void foldingInOrderIsWhatARowOfATableWouldBe() {
    forEveryHistory(
        (history, _) -> {
          RowModel model = new RowModel();
          history.forEach(model::apply);
          EntityState state = fold(null, history);
          assertThat(state.version()).isEqualTo(model.version());
          switch (state) {
            case Live live -> {
              assertThat(live.row()).isEqualTo(model.row());
              assertThat(live.fieldVersions()).isEqualTo(model.fieldVersions());
            }
            case Deleted deleted -> {
              assertThat(model.row()).isNull();
              assertThat(deleted.lastRow()).isEqualTo(model.lastRow());
            }
          }
        });
  }

  @Test
  void anIncrementalSnapshotAnywhereIsNoDifferenceOnceAnInsertIsKnown() {
    forEveryHistory(
        (history, random) -> {
          if (history.getFirst().kind() != ChangeKind.INSERT) {
            return;
          }
          int at = 1 + random.nextInt(history.size());
          EntityChange before = history.get(at - 1);
          ObjectNode some = Changes.row("id", 7, "a", -1);
          EntityChange read =
              Changes.read("ticket/7", new Version(before.version().epoch(), 0), some);
          List<EntityChange> withRead = new ArrayList<>(history);
          withRead.add(at, read);
          assertThat(fold(null, withRead)).isEqualTo(fold(null, history));
        });
  }

  @Test
  void aReadAndAnUpdateOfOneEpochMeetInEitherOrder() {
    forEveryHistory(
        (history, _) -> {
          EntityChange first = history.getFirst();
          if (first.kind() == ChangeKind.INSERT || first.after() == null) {
            return;
          }
          EntityChange read =
              Changes.read("ticket/7", new Version(first.version().epoch(), 0), first.after());
          EntityChange update = history.getFirst();
          assertThat(fold(null, List.of(update, read)))
              .isEqualTo(fold(null, List.of(read, update)));
        });
  }

  @Test
  void noFieldIsNewerThanItsEntityAndEveryFieldOfARowHasAVersion() {
    forEveryHistory(
        (history, _) -> {
          EntityState state = null;
          for (EntityChange change : history) {
            state = step(state, change);
            Version version = state.version();
            assertThat(state.fieldVersions().values())
                .allSatisfy(field -> assertThat(field).isLessThanOrEqualTo(version));
            if (state instanceof Live live) {
              List<String> names = new ArrayList<>();
              live.row().fieldNames().forEachRemaining(names::add);
              assertThat(live.fieldVersions().keySet()).containsExactlyElementsOf(names);
            }
          }
        });
  }

  @Test
  void aFieldThatAnUpdateDidNotChangeKeepsItsVersionWithinAnEpoch() {
    forEveryHistory(
        (history, _) -> {
          EntityState state = null;
          for (EntityChange change : history) {
            EntityState before = state;
            state = step(state, change);
            if (change.kind() == ChangeKind.UPDATE
                && before instanceof Live
                && before.version().epoch() == change.version().epoch()) {
              Map<String, Version> known = before.fieldVersions();
              state
                  .fieldVersions()
                  .forEach(
                      (field, version) -> {
                        if (known.containsKey(field) && !change.changed().contains(field)) {
                          assertThat(version).isEqualTo(known.get(field));
                        }
                      });
            }
          }
        });
  }

  @Test
  void aTruncateEndsARowForGoodUnlessItIsNewer() {
    forEveryHistory(
        (history, random) -> {
          EntityState state = fold(null, history);
          Version at = history.get(random.nextInt(history.size())).version();
          LastChange truncate = LastChange.of(Changes.truncate("ticket", at));
          switch (Fold.truncate(state, truncate)) {
            case Replaced(EntityState ended) -> {
              assertThat(ended).isInstanceOf(Deleted.class);
              assertThat(fold(ended, history)).isEqualTo(ended);
            }
            case Folded.Ignored _ ->
                assertThat(state instanceof Deleted || state.version().isAfter(at)).isTrue();
          }
        });
  }

  private static void forEveryHistory(BiConsumer<List<EntityChange>, Random> property) {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = 0x5EED_0000L + round;
      Random random = new Random(seed);
      List<EntityChange> history = RowHistory.generate(random);
      try {
        property.accept(history, random);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed " + seed + ": " + e.getMessage() + "\nhistory:\n" + RowHistory.text(history), e);
      }
    }
  }

  private static EntityState fold(@Nullable EntityState start, List<EntityChange> changes) {
    EntityState state = start;
    for (EntityChange change : changes) {
      state = step(state, change);
    }
    if (state == null) {
      throw new AssertionError("an empty history");
    }
    return state;
  }

  private static EntityState step(@Nullable EntityState state, EntityChange change) {
    return switch (Fold.apply(state, change)) {
      case Replaced(EntityState next) -> next;
      case Folded.Ignored _ -> {
        if (state == null) {
          throw new AssertionError("the first change of an entity was ignored");
        }
        yield state;
      }
    };
  }
}
