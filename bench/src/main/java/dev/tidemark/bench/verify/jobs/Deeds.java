package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Holds what handlers wrote down against the attempts that were told: none is made unasked. */
final class Deeds {
  private Deeds() {}

  private record Attempt(String job, int number) {}

  static void check(Evidence evidence, Findings findings) {
    Map<Attempt, String> begun = new HashMap<>();
    for (String id : evidence.lives().keySet()) {
      for (Attempts.Made made : Attempts.of(evidence.life(id))) {
        begun.put(new Attempt(id, made.number()), made.worker());
      }
    }
    Set<Attempt> seen = new HashSet<>();
    for (Effect effect : evidence.effects()) {
      Attempt attempt = new Attempt(effect.job(), effect.attempt());
      String worker = begun.get(attempt);
      if (worker == null || !effect.isOf(worker)) {
        findings.add(
            Kind.UNEXPECTED,
            effect + " is made by nobody who was told to: " + evidence.story(effect.job()));
      }
      if (!seen.add(attempt)) {
        findings.add(
            Kind.DUPLICATED, effect + " is made a second time: " + evidence.story(effect.job()));
      }
    }
  }
}
