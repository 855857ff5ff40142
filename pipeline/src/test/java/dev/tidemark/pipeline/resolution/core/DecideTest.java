package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.pipeline.resolution.core.Conflict.Resolution;
import dev.tidemark.pipeline.resolution.core.Effect.Insert;
import dev.tidemark.pipeline.resolution.core.Effect.Nothing;
import dev.tidemark.pipeline.resolution.core.Effect.Refusal;
import dev.tidemark.pipeline.resolution.core.Effect.Refused;
import dev.tidemark.pipeline.resolution.core.Effect.Undecided;
import dev.tidemark.pipeline.resolution.core.Effect.Update;
import dev.tidemark.pipeline.resolution.core.Explanation.Reason;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Rule;
import dev.tidemark.pipeline.resolution.core.Known.Live;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The traps. */
final class DecideTest {
  private static final String ROW = "{'id': 1, 'title': 'server', 'note': 'n', 'visits': 6}";

  @Test
  void aClockWithoutAVersionMakesTheWholeRowContested() {
    Asking asking =
        new Asking()
            .base(null)
            .update("{'note': 'device'}")
            .by(Strategy.SERVER_WINS)
            .row(ROW, null, 5, "title");
    assertThat(asking.decide().conflict()).isNotNull();
    assertThat(asking.at(Asking.NOON.plusSeconds(5)).decide().conflict()).isNull();
  }

  @Test
  void whatTheDeviceWasShownCountsAsSeen() {
    Asking asking =
        new Asking().base(null).update("{'title': 'device'}").row(ROW, null, 5, "title");
    assertThat(asking.seen(Asking.LATER).decide().conflict()).isNull();
    assertThat(asking.seen(Asking.SEEN).decide().conflict()).isNotNull();
  }

  @Test
  void anEqualMomentIsDecidedByNameSoThatEveryReplayAgrees() {
    Asking asking =
        new Asking()
            .update("{'title': 'device'}")
            .by(Strategy.LAST_WRITE_WINS)
            .row(ROW, "phone", 0, "title");
    assertThat(asking.from("zebra").decide().effect()).isInstanceOf(Update.class);
    assertThat(asking.from("aardvark").decide().effect()).isInstanceOf(Nothing.class);
  }

  @Test
  void anOlderOperationOfTheSameDeviceDoesNotOverwriteItsLaterOne() {
    Known later =
        new Live(
            Asking.json(ROW),
            new Stamp(Asking.LATER, "phone", OptionalLong.of(8)),
            Asking.NOON,
            Map.of());
    Asking asking = new Asking().update("{'title': 'device'}").known(later);
    Decision decision = asking.by(Strategy.CLIENT_WINS).sequence(7).decide();
    assertThat(decision.effect()).isInstanceOf(Nothing.class);
    assertThat(decision.explanation().fields())
        .extracting(FieldDecision::rule)
        .containsExactly(Rule.LATE);
    assertThat(asking.sequence(9).decide().effect()).isInstanceOf(Update.class);
  }

  @Test
  void whatIsTakenBackIsTakenOutOfWhatCameAfterIt() {
    Asking asking = new Asking().update("{'visits': 5}").baseRow("{'visits': 6}").takingBack();
    assertThat(visits(asking.row("{'id': 1, 'visits': 27}", null, 0, "visits"))).isEqualTo(26);
    assertThat(visits(asking.row("{'id': 1, 'visits': 8}", "phone", 0, "visits"))).isEqualTo(7);
    assertThat(visits(asking.row("{'id': 1, 'visits': 6}", "phone", 0, "visits"))).isEqualTo(5);
  }

  private static int visits(Asking asking) {
    return ((Update) asking.decide().effect()).patch().get("visits").intValue();
  }

  @Test
  void aCounterWithoutItsBaseIsLeftToAPersonInAMerge() {
    Decision decision = new Asking().update("{'visits': 7}").row(ROW, null, 0, "visits").decide();
    assertThat(decision.effect()).isInstanceOf(Undecided.class);
    assertThat(decision.explanation().reason()).isEqualTo(Reason.BASE_UNKNOWN);
  }

  @Test
  void anOpenConflictSuggestsWhatAMergeWouldDo() {
    Conflict conflict =
        requireNonNull(
            new Asking()
                .by(Strategy.MANUAL)
                .update("{'visits': 7, 'note': 'device'}")
                .baseRow("{'visits': 5}")
                .row(ROW, null, 0, "visits")
                .decide()
                .conflict());
    assertThat(conflict.resolution()).isEqualTo(Resolution.OPEN);
    assertThat(conflict.suggestion())
        .isEqualTo(Asking.json("{'id': 1, 'title': 'server', 'note': 'device', 'visits': 8}"));
  }

  @Test
  void aRowCannotChangeItsKey() {
    Decision decision = new Asking().update("{'id': 2}").row(ROW, null, 0).decide();
    assertThat(decision.effect()).isEqualTo(new Refused(Refusal.KEY_CHANGED));
    assertThat(new Asking().update("{'id': 1.0}").row(ROW, null, 0).decide().effect())
        .isInstanceOf(Nothing.class);
  }

  @Test
  void aRowCannotBeMovedOutOfReach() {
    Decision decision =
        new Asking()
            .update("{'title': 'theirs'}")
            .row(ROW, null, 0)
            .mayWrite(row -> !row.path("title").asText().equals("theirs"))
            .decide();
    assertThat(decision.effect()).isEqualTo(new Refused(Refusal.FORBIDDEN));
  }

  @Test
  void aCreateThatMeetsAForeignRowLearnsNothingOfIt() {
    Decision decision =
        new Asking()
            .create("{'id': 1}")
            .row(ROW, "tablet", 0)
            .mayWrite(row -> !row.has("title"))
            .decide();
    assertThat(decision.effect()).isEqualTo(new Refused(Refusal.NOT_AVAILABLE));
    assertThat(decision.explanation().server()).isNull();
    assertThat(decision.explanation().serverDevice()).isNull();
  }

  @Test
  void anEditOfWhatWasForgottenIsAConflictAndNoInsert() {
    Decision decision = new Asking().update("{'title': 'device'}").decide();
    assertThat(decision.effect()).isInstanceOf(Nothing.class);
    assertThat(decision.explanation().reason()).isEqualTo(Reason.TOMBSTONE_EXPIRED);
    assertThat(new Asking().base(null).update("{'title': 'x'}").decide().effect())
        .isEqualTo(new Refused(Refusal.NOT_FOUND));
  }

  @Test
  void whatTheDeviceDeletedItselfItMayCreateAgain() {
    Asking asking = new Asking().create("{'id': 1, 'title': 'new'}").deletedRow(ROW, "phone", 0);
    assertThat(asking.by(Strategy.SERVER_WINS).decide().effect()).isInstanceOf(Insert.class);
  }

  @Test
  void onlyANewerVersionThanTheSeenOneCounts() {
    Asking asking =
        new Asking()
            .update("{'title': 'device'}")
            .by(Strategy.SERVER_WINS)
            .row(ROW, null, 0, "title");
    assertThat(asking.base(Asking.LATER).decide().conflict()).isNull();
    assertThat(asking.base(new Version(1, 19)).decide().conflict()).isNotNull();
    // A new epoch means that positions may have gone back; what was seen before is older.
    assertThat(asking.base(new Version(2, 1)).decide().conflict()).isNull();
  }

  @Test
  void wordsReadWell() {
    Asking asking =
        new Asking()
            .update("{'title': 'device', 'note': 'mine', 'visits': 7}")
            .baseRow("{'title': 'seen', 'visits': 5}")
            .at(Asking.NOON.plusSeconds(30))
            .row(ROW, "tablet", 0, "title", "visits");
    assertThat(asking.words())
        .isEqualTo(
            """
            Device phone asked at 2026-03-01 12:00:30 UTC to change title, note and visits of visit/1\
             (strategy merge).
            It said that it had seen version 0001-000000000000000A.
            Meanwhile, at 2026-03-01 12:00:00 UTC, device tablet had changed title and visits.
            Changed: title, note and visits, because this strategy decides field by field:
            - title: the device's "device" stands; it was written later.
            - note: the device's "mine" stands; nobody else had changed it.
            - visits: 8, made of the device's 7 and the server's 6 (before: 5); the catalog counts\
             what each of both added.""");
  }

  @Test
  void wordsNameWhoChangedWhichField() {
    Known.Live row =
        new Known.Live(
            Asking.json(ROW),
            Asking.stamp(new Version(1, 30), "operator:ines"),
            Asking.NOON,
            Map.of(
                "title", Asking.stamp(new Version(1, 20), "tablet"),
                "visits", Asking.stamp(new Version(1, 25), null)));
    Asking asking =
        new Asking().update("{'title': 'device', 'visits': 7}").by(Strategy.SERVER_WINS).known(row);
    assertThat(asking.words())
        .contains(
            "Meanwhile device tablet had changed title and somebody on the server's side had changed"
                + " visits; the row's last change was at 2026-03-01 12:00:00 UTC.",
            "Nothing was changed, because the strategy prefers the server.");
    assertThat(new Asking().delete().by(Strategy.MERGE).known(row).words())
        .contains("operator ines had changed");
  }

  @Test
  void wordsTellWhoWasLater() {
    Asking asking =
        new Asking()
            .update("{'title': 'device'}")
            .by(Strategy.LAST_WRITE_WINS)
            .at(Asking.NOON.minusSeconds(3600))
            .row(ROW, null, 0, "title");
    assertThat(asking.words())
        .contains(
            "Nothing was changed, because the later of both counts, and that was the other one.");
  }
}
