package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.pipeline.resolution.DecisionJson;
import dev.tidemark.pipeline.resolution.Policies;
import dev.tidemark.pipeline.resolution.core.Conflict;
import dev.tidemark.pipeline.resolution.core.Decide;
import dev.tidemark.pipeline.resolution.core.Decision;
import dev.tidemark.pipeline.resolution.core.Explanation;
import dev.tidemark.pipeline.resolution.core.FieldDecision;
import dev.tidemark.pipeline.resolution.core.Policy;
import java.util.Comparator;
import java.util.Objects;

/** Asks every question of the ledger again: the answer has to be the one that is there. Pure. */
final class Replay {
  private final Catalog catalog;
  private final Policies policies;
  private int decided;

  Replay(Catalog catalog) {
    this.catalog = catalog;
    this.policies = new Policies(catalog);
  }

  void check(Evidence evidence, Findings findings) {
    evidence.ledger().forEach(settled -> check(settled, findings));
  }

  /** How many decisions were made again. */
  int decided() {
    return decided;
  }

  private void check(Settled settled, Findings findings) {
    JsonNode stored = settled.decision();
    if (!stored.has("question")) {
      findings.add(Kind.MISJUDGED, "without its question: " + settled);
      return;
    }
    EntityType type = catalog.type(settled.submission().operation().key().type()).orElseThrow();
    Policy policy = Objects.requireNonNull(policies.of(type.name()), "a policy");
    Decision again =
        Decide.decide(DecisionJson.readQuestion(type, policy, settled.submission(), stored));
    decided++;
    Decision was = DecisionJson.readDecision(stored);
    if (!sorted(again).equals(sorted(was))) {
      findings.add(Kind.MISJUDGED, "decided %s, and again %s: %s".formatted(was, again, settled));
    }
  }

  /** Postgres keeps the members of an object in an order of its own, and so come the fields. */
  private static Decision sorted(Decision decision) {
    Conflict conflict = decision.conflict();
    Explanation why = decision.explanation();
    return new Decision(
        decision.effect(),
        conflict == null
            ? null
            : new Conflict(
                conflict.type(),
                conflict.fields().stream().sorted().toList(),
                conflict.resolution(),
                conflict.suggestion()),
        new Explanation(
            why.reason(),
            why.base(),
            why.baseKnownBy(),
            why.server(),
            why.serverDevice(),
            why.clientTime(),
            why.correctedTime(),
            why.serverTime(),
            why.strategy(),
            why.policy(),
            why.fields().stream().sorted(Comparator.comparing(FieldDecision::field)).toList()));
  }
}
