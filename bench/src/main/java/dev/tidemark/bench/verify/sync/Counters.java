package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.sync.Correspondence.Told;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What devices meant to add, and what psql sessions did add, is what the counters show: nobody's
 * share is lost and nobody's counts twice. A row that is made or removed starts or ends a sum.
 * Pure.
 */
final class Counters {
  private Counters() {}

  static void check(Evidence evidence, Findings findings) {
    Map<String, Long> meant = new HashMap<>();
    for (Told told : evidence.told()) {
      OptionalLong counted = told.intent().counted();
      if (counted.isPresent()) {
        meant.put(told.intent().device() + " " + told.intent().key(), counted.getAsLong());
      }
    }
    Map<String, Long> sums = new HashMap<>();
    Set<String> madeOrRemoved = new HashSet<>();
    for (Noted change : evidence.noted()) {
      boolean whole = change.before() == null || change.after() == null;
      if (whole) {
        madeOrRemoved.add(change.transaction() + " " + change.key());
      }
      if (whole || change.byPsql()) {
        sums.merge(
            change.key(),
            value(change.type(), change.after()) - value(change.type(), change.before()),
            Long::sum);
      }
    }
    for (Settled settled : evidence.ledger()) {
      Long counted = meant.get(settled.device() + " " + settled.idempotencyKey());
      String meeting = settled.transaction() + " " + settled.key();
      if (counted == null || madeOrRemoved.contains(meeting)) {
        continue;
      }
      if (settled.applied()) {
        sums.merge(settled.key(), counted, Long::sum);
      } else if (sees(settled) && !failed(settled)) {
        findings.add(
            Kind.LOST_UPDATE,
            "a share of %d was dropped: %s, %s".formatted(counted, settled, settled.decision()));
      }
    }
    sums.forEach(
        (key, sum) -> {
          long is = value(key.substring(0, key.indexOf('/')), evidence.rows().get(key));
          if (is != sum) {
            findings.add(
                Kind.LOST_UPDATE,
                "%s counts %d, and what was added to it is %d".formatted(key, is, sum));
          }
        });
  }

  /** Whether there was a row, and one of those that the device may see. */
  private static boolean sees(Settled settled) {
    JsonNode question = settled.decision().path("question");
    String scope = "owner/" + question.path("row").path("owner").asText();
    return question.path("known").asText().equals("live")
        && settled.submission().permission().scopes().contains(scope);
  }

  private static boolean failed(Settled settled) {
    return settled.result().equals("refused") || settled.result().equals("rejected");
  }

  private static long value(String type, @Nullable ObjectNode row) {
    return row == null ? 0 : row.path(Intent.counter(type)).longValue();
  }
}
