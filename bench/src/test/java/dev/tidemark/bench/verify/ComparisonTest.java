package dev.tidemark.bench.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.TransactionReader.Committed;
import dev.tidemark.contract.ChangeKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final int PARTITIONS = 2;

  private final List<Change> committed =
      new ArrayList<>(
          List.of(
              change(ChangeKind.INSERT, "item/1", 100, null, "a"),
              change(ChangeKind.INSERT, "item/2", 110, null, "b"),
              change(ChangeKind.UPDATE, "item/1", 120, "a", "c"),
              change(ChangeKind.DELETE, "item/2", 130, "b", null),
              change(ChangeKind.INSERT, "item/1", 140, null, "d")));

  @Test
  void whatAgreesLeavesNothing() {
    Findings findings = compare(committed);
    assertThat(findings.none()).isTrue();
  }

  @Test
  void aChangeThatIsInNoTopicIsLost() {
    for (int i = 0; i < committed.size(); i++) {
      List<Change> observed = new ArrayList<>(committed);
      observed.remove(i);
      Findings findings = compare(observed);
      assertThat(findings.count(Kind.LOST)).isEqualTo(1);
      assertThat(findings.examples()).singleElement().asString().contains("lost: ");
    }
  }

  @Test
  void nothingAtAllIsLostEntirely() {
    assertThat(compare(List.of()).count(Kind.LOST)).isEqualTo(committed.size());
  }

  @Test
  void aChangeThatComesAgainIsADuplicateWhereverItComes() {
    for (int i = 0; i < committed.size(); i++) {
      for (int at = i + 1; at <= committed.size(); at++) {
        List<Change> observed = new ArrayList<>(committed);
        observed.add(at, committed.get(i));
        Findings findings = compare(observed);
        assertThat(findings.count(Kind.DUPLICATED)).as("%d again at %d", i, at).isEqualTo(1);
        assertThat(findings.count(Kind.LOST)).isZero();
        assertThat(findings.count(Kind.REORDERED)).isZero();
      }
    }
  }

  @Test
  void aReplayedTransactionIsDuplicatedAsAWhole() {
    List<Change> observed = new ArrayList<>(committed);
    observed.addAll(committed.subList(2, 5));
    Findings findings = compare(observed);
    assertThat(findings.count(Kind.DUPLICATED)).isEqualTo(3);
    assertThat(findings.count(Kind.LOST)).isZero();
  }

  @Test
  void changesInAnotherOrderAreReordered() {
    for (int i = 0; i + 1 < committed.size(); i++) {
      List<Change> observed = new ArrayList<>(committed);
      Collections.swap(observed, i, i + 1);
      Findings findings = compare(observed);
      assertThat(findings.count(Kind.REORDERED)).isEqualTo(1);
      assertThat(findings.count(Kind.LOST)).isZero();
      assertThat(findings.count(Kind.DUPLICATED)).isZero();
    }
  }

  @Test
  void otherContentIsAltered() {
    List<Change> observed = new ArrayList<>(committed);
    observed.set(2, change(ChangeKind.UPDATE, "item/1", 120, "a", "x"));
    Findings findings = compare(observed);
    assertThat(findings.count(Kind.ALTERED)).isEqualTo(1);
    assertThat(findings.count(Kind.LOST)).isZero();
  }

  @Test
  void aChangeOfWhatWasRolledBackIsUnexpected() {
    List<Change> observed = new ArrayList<>(committed);
    observed.add(2, change(ChangeKind.INSERT, "item/9", 115, null, "z"));
    Findings findings = compare(observed);
    assertThat(findings.count(Kind.UNEXPECTED)).isEqualTo(1);
    assertThat(findings.count(Kind.LOST)).isZero();
  }

  @Test
  void aKeyInAWrongPartitionIsLostThereAndUnexpectedHere() {
    Comparison comparison = new Comparison(PARTITIONS, _ -> 0);
    comparison.streamFrom(1);
    comparison.committed(List.of(new Committed(200, 210, committed)));
    committed.forEach(change -> comparison.observed(1, change));
    comparison.complete();
    Findings findings = new Findings();
    comparison.report(findings);
    assertThat(findings.count(Kind.LOST)).isEqualTo(committed.size());
    assertThat(findings.count(Kind.UNEXPECTED)).isEqualTo(committed.size());
  }

  @Test
  void aTruncateStandsOnceInEveryPartition() {
    Change truncate = change(ChangeKind.TRUNCATE, "item", 150, null, null);
    Comparison comparison = new Comparison(PARTITIONS, _ -> 0);
    comparison.streamFrom(1);
    comparison.committed(List.of(new Committed(200, 210, List.of(truncate))));
    comparison.observed(0, truncate);
    comparison.complete();
    assertThat(comparison.settled()).isFalse();
    comparison.observed(1, truncate);
    comparison.complete();
    assertThat(comparison.settled()).isTrue();
    comparison.observed(1, truncate);
    comparison.complete();
    Findings findings = new Findings();
    comparison.report(findings);
    assertThat(findings.count(Kind.DUPLICATED)).isEqualTo(1);
  }

  @Test
  void whatCommittedBeforeTheStreamMustBeReadByTheSnapshot() {
    Comparison comparison = new Comparison(PARTITIONS, _ -> 0);
    comparison.committed(
        List.of(
            new Committed(119, 120, committed.subList(0, 3)),
            new Committed(131, 132, committed.subList(3, 5))));
    comparison.streamFrom(125);
    comparison.observed(0, Change.read("item", "item/2", row("b")));
    comparison.observed(0, Change.read("item", "item/1", row("c")));
    committed.subList(3, 5).forEach(change -> comparison.observed(0, change));
    comparison.complete();
    assertThat(comparison.settled()).isTrue();
  }

  @Test
  void aRowThatTheSnapshotLeftOutIsLost() {
    Comparison comparison = new Comparison(PARTITIONS, _ -> 0);
    comparison.committed(List.of(new Committed(119, 120, committed.subList(0, 3))));
    comparison.streamFrom(125);
    comparison.observed(0, Change.read("item", "item/1", row("c")));
    comparison.complete();
    Findings findings = new Findings();
    comparison.report(findings);
    assertThat(findings.count(Kind.LOST)).isEqualTo(1);
    assertThat(findings.examples().getFirst()).contains("item/2");
  }

  @Test
  void disagreementIsNoticedBeforeTheEnd() {
    Comparison comparison = new Comparison(PARTITIONS, _ -> 0);
    comparison.streamFrom(1);
    comparison.committed(List.of(new Committed(200, 210, committed)));
    comparison.observed(0, committed.get(1));
    comparison.match();
    assertThat(comparison.diverged()).isTrue();
  }

  @Test
  void beingBehindIsNoDisagreement() {
    Comparison comparison = new Comparison(PARTITIONS, _ -> 0);
    comparison.streamFrom(1);
    comparison.committed(List.of(new Committed(200, 210, committed)));
    comparison.observed(0, committed.get(0));
    comparison.match();
    assertThat(comparison.diverged()).isFalse();
    assertThat(comparison.outstanding()).isEqualTo(4);
  }

  private Findings compare(List<Change> observed) {
    Comparison comparison = new Comparison(PARTITIONS, _ -> 0);
    comparison.streamFrom(1);
    comparison.committed(List.of(new Committed(200, 210, committed)));
    for (Change change : observed) {
      comparison.observed(0, change);
      comparison.match();
    }
    comparison.complete();
    Findings findings = new Findings();
    comparison.report(findings);
    return findings;
  }

  private static Change change(
      ChangeKind kind, String key, long lsn, @Nullable String before, @Nullable String after) {
    return new Change(
        "item",
        kind,
        key,
        7,
        lsn,
        0,
        0,
        1_000,
        before == null ? null : row(before),
        after == null ? null : row(after),
        List.of(),
        null);
  }

  private static Row row(String value) {
    return new Row(List.of(Row.value(value)));
  }
}
