package dev.tidemark.bench.verify.sync;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.sync.Answered.Entry;
import dev.tidemark.bench.verify.sync.Correspondence.Told;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was acknowledged is in the ledger, once; what is in the ledger was asked for; and everybody
 * is told the same, however often he asks. Pure.
 */
final class Acknowledgements {
  private Acknowledgements() {}

  static void check(Evidence evidence, Findings findings) {
    Map<String, Settled> byKey = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (Settled settled : evidence.ledger()) {
      if (byKey.put(settled.device() + " " + settled.idempotencyKey(), settled) != null
          || !ids.add(settled.operation())) {
        findings.add(Kind.DUPLICATED, "twice in the ledger: " + settled);
      }
      int outcomes = evidence.outcomes().getOrDefault(settled.operation(), 0);
      if (outcomes != 1) {
        findings.add(
            outcomes == 0 ? Kind.LOST : Kind.DUPLICATED,
            "%d times among the outcomes: %s".formatted(outcomes, settled));
      }
    }
    evidence
        .settledNotes()
        .forEach(
            (operation, times) -> {
              if (!ids.contains(operation)) {
                findings.add(Kind.LOST, "was in the ledger and is gone: " + operation);
              } else if (times > 1) {
                findings.add(
                    Kind.DUPLICATED, "written down %d times: %s".formatted(times, operation));
              }
            });
    Set<String> asked = new HashSet<>();
    for (Told told : evidence.told()) {
      String key = told.intent().device() + " " + told.intent().key();
      asked.add(key);
      one(told, byKey.get(key), findings);
    }
    byKey.forEach(
        (key, settled) -> {
          if (!asked.contains(key)) {
            findings.add(Kind.UNEXPECTED, "nobody asked for it: " + settled);
          }
        });
  }

  private static void one(Told told, @Nullable Settled settled, Findings findings) {
    Intent intent = told.intent();
    if (!intent.valid()) {
      // A node that does not know the table's columns yet leaves them to the database.
      if (settled != null && settled.applied()) {
        findings.add(Kind.UNEXPECTED, "invalid, and applied: " + settled);
      }
      return;
    }
    if (settled == null) {
      if (told.acknowledged()) {
        findings.add(Kind.LOST, "acknowledged, and not in the ledger: " + intent.key());
      }
      return;
    }
    List<String> answers = told.answers().stream().map(Entry::text).distinct().toList();
    if (answers.size() > 1) {
      findings.add(Kind.ALTERED, "told differently: %s for %s".formatted(answers, settled));
    }
    for (Entry entry : told.answers()) {
      boolean failed = settled.result().equals("refused") || settled.result().equals("rejected");
      if (failed != (entry.kind() == Answered.Kind.ERROR)) {
        findings.add(Kind.ALTERED, "told as %s: %s".formatted(entry.kind(), settled));
        return;
      }
    }
  }
}
