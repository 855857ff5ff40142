package dev.tidemark.api.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.api.problem.AwayException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Views that allow former answers get none that may be older than they allow. */
class FormerAnswersTest {
  private static final Question QUESTION = Question.of(CacheRig.LENIENT, Map.of("id", "1"));

  private final Truth truth = new Truth();

  @Test
  void whatBecameUntrueWhileNothingWasProvenIsNotGiven() {
    try (CacheRig node = new CacheRig(truth)) {
      truth.change("lenient:1", "old");
      node.cache.ask(QUESTION, false);
      long changed = truth.change("lenient:1", "new");
      node.freshness.forget("capture stands still for hours");
      node.hear("lenient:1", changed);
      node.prove();
      assertThat(CacheRig.say(node.cache.ask(QUESTION, false))).isEqualTo("new from postgres");
    }
  }

  @Test
  void whatIsKeptIsGivenInPlaceOfAnErrorWhileItIsProven() {
    try (CacheRig node = new CacheRig(truth)) {
      truth.change("lenient:1", "old");
      node.cache.ask(QUESTION, false);
      node.hear("lenient:1", truth.change("lenient:1", "new"));
      away();
      assertThat(CacheRig.say(node.cache.ask(QUESTION, false))).isEqualTo("old from stale");
    }
  }

  @Test
  void whatMayHaveBeenUntrueForLongIsNotGivenInPlaceOfAnError() {
    try (CacheRig node = new CacheRig(truth)) {
      truth.change("lenient:1", "old");
      node.cache.ask(QUESTION, false);
      truth.change("lenient:1", "new");
      node.freshness.forget("capture stands still for hours");
      away();
      assertThatThrownBy(() -> node.cache.ask(QUESTION, false)).isInstanceOf(AwayException.class);
    }
  }

  private void away() {
    truth.beforeAnswer =
        () -> {
          throw new AwayException("Postgres is away", null);
        };
  }
}
