package dev.tidemark.bench.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.Json;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private final Staged staged = new Staged();

  @Test
  void whatAddsUpIsNotComplainedOf() {
    staged.counted("a", 2).psql(Staged.item(5)).counted("b", 1);
    assertThat(findings().examples()).isEmpty();
  }

  @Test
  void anUpdateThatTakesBackWhatWasAddedBeforeItIsALostUpdate() {
    staged
        .psql(Staged.item(3))
        .asked("a", 2)
        .changed("writer", "tx", Staged.item(2))
        .settled("a", "tx", 0, 2);
    Findings findings = findings();
    assertThat(findings.examples())
        .contains(
            "lost_update: decided on visits = 0, the row had 3: id-a (a of item/1: update applied)",
            "lost_update: item/1 counts 2, and what was added to it is 5");
  }

  @Test
  void aShareThatIsAppliedOnlyInPartIsALostUpdate() {
    staged.asked("a", 5).changed("writer", "tx", Staged.item(4)).settled("a", "tx", 0, 4);
    assertThat(findings().count(Kind.LOST_UPDATE)).isEqualTo(1);
  }

  @Test
  void aRowThatIsWrittenOtherThanDecidedIsAltered() {
    staged.asked("a", 2).changed("writer", "tx", Staged.item(7)).settled("a", "tx", 0, 2);
    assertThat(findings().count(Kind.ALTERED)).isEqualTo(1);
  }

  @Test
  void anOperationThatIsSaidToBeAppliedAndIsNotIsAltered() {
    staged.asked("a", 2).settled("a", "tx", 0, 2);
    assertThat(findings().count(Kind.ALTERED)).isEqualTo(1);
  }

  @Test
  void severalOperationsOfOneWriteAreTakenTogether() {
    staged
        .asked("a", 2)
        .asked("b", 3)
        .changed("writer", "tx", Staged.item(5))
        .settled("a", "tx", 0, 2)
        .settled("b", "tx", 2, 5);
    assertThat(findings().examples()).isEmpty();
  }

  @Test
  void aChangeThatNobodyAskedForIsUnexpected() {
    staged.changed("somebody", "tx", Staged.item(1));
    assertThat(findings().count(Kind.UNEXPECTED)).isEqualTo(1);
  }

  @Test
  void whatIsAcknowledgedAndNotInTheLedgerIsLost() {
    staged.asked("a", 1);
    assertThat(findings().count(Kind.LOST)).isEqualTo(1);
  }

  @Test
  void whatWasInTheLedgerAndIsGoneIsLost() {
    staged.counted("a", 1);
    staged.ledger.removeLast();
    assertThat(findings().count(Kind.LOST)).isPositive();
  }

  @Test
  void whatIsInTheLedgerTwiceIsDoubled() {
    staged.counted("a", 1);
    staged.ledger.add(staged.ledger.getLast());
    assertThat(findings().count(Kind.DUPLICATED)).isPositive();
  }

  @Test
  void anOutcomeThatIsThereTwiceIsDoubledAndOneThatIsMissingIsLost() {
    staged.counted("a", 1).counted("b", 1);
    staged.outcomes.put("id-a", 2);
    staged.outcomes.remove("id-b");
    Findings findings = findings();
    assertThat(findings.count(Kind.DUPLICATED)).isEqualTo(1);
    assertThat(findings.count(Kind.LOST)).isEqualTo(1);
  }

  @Test
  void aShareThatIsDroppedThoughTheRowIsThereIsALostUpdate() {
    var decision = Json.object();
    decision.putObject("question").put("known", "live").putObject("row").put("owner", "north");
    staged.asked("a", 1).settled("a", "tx", "unchanged", decision);
    assertThat(findings().count(Kind.LOST_UPDATE)).isEqualTo(1);
  }

  @Test
  void aShareInARowThatTheDeviceMayNotSeeIsNotDropped() {
    var decision = Json.object();
    decision.putObject("question").put("known", "live").putObject("row").put("owner", "south");
    staged.asked("a", 1).settled("a", "tx", "unchanged", decision);
    assertThat(findings().examples()).isEmpty();
  }

  @Test
  void whoAsksAgainAndIsToldOtherwiseIsComplainedOf() {
    staged.counted("a", 1);
    staged.told.add(
        new Correspondence.Told(
            new Intent("phone", "a", "item", 1, Json.object(), OptionalLong.of(1), true),
            true,
            List.of(
                new Answered.Entry(Answered.Kind.SUCCESS, "one", null, null),
                new Answered.Entry(Answered.Kind.SUCCESS, "other", null, null))));
    assertThat(findings().count(Kind.ALTERED)).isEqualTo(1);
  }

  @Test
  void aRowThatIsMadeAnewBeginsASumAnew() {
    staged.counted("a", 2).psql(null).psql(Staged.item(9)).counted("b", 1);
    assertThat(findings().examples()).isEmpty();
  }

  private Findings findings() {
    Findings findings = new Findings();
    Evidence evidence = staged.evidence();
    Effects.check(evidence, findings);
    Counters.check(evidence, findings);
    Acknowledgements.check(evidence, findings);
    return findings;
  }
}
