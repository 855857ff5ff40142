package dev.tidemark.pipeline.resolution.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.contract.catalog.MergePolicy;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Rule;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Winner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Field by field, as the catalog says. */
final class ThreeWayTest {
  @ParameterizedTest(name = "{0}: {1}, device {2}, server {3} gives {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          counter | 5      | 7      | 6       | 8
          counter | 5      | 3      | 6       | 4
          counter | 0.1    | 0.3    | 0.2     | 0.4
          counter | null   | 2      | 3       | 5
          max     | 1      | 2      | 3       | 3
          max     | 1      | 10     | 9       | 10
          max     | 1      | null   | 3       | 3
          max     | null   | '2026-01-01T10:00:00+02:00' | '2026-01-01T09:00:00Z' | '2026-01-01T09:00:00Z'
          min     | 1      | 2      | 3       | 2
          min     | 1      | 2      | null    | 2
          union   | [1,2]  | [2,3]  | [1,2,4] | [2,4,3]
          union   | ?      | [2,3]  | [1,2]   | [1,2,3]
          union   | [1]    | null   | [1,2]   | [2]
          server  | 1      | 2      | 3       | 3
          client  | 1      | 2      | 3       | 2
          latest  | 1      | 2      | 3       | 2
          """)
  void valuesBecomeOne(String policy, String base, String client, String server, String merged) {
    FieldMerge rule = new FieldMerge(MergePolicy.of(policy).orElseThrow(), null);
    Merged result =
        new ThreeWay(true)
            .field(rule, base.equals("?") ? null : json(base), json(client), json(server));
    assertThat(Values.same(result.value(), json(merged))).as(result.toString()).isTrue();
  }

  @Test
  void aCounterWithoutItsBaseIsNotGuessed() {
    Merged merged =
        new ThreeWay(true)
            .field(new FieldMerge(MergePolicy.COUNTER, null), null, json("7"), json("6"));
    assertThat(merged.rule()).isEqualTo(Rule.BASE_UNKNOWN);
  }

  @Test
  void aKeyedListKeepsBothSidesEdits() {
    Merged merged =
        keyed(
            "[{'sku': 'a', 'n': 1}, {'sku': 'b', 'n': 1}, {'sku': 'c', 'n': 1}]",
            "[{'sku': 'a', 'n': 2}, {'sku': 'b', 'n': 1}, {'sku': 'd', 'n': 9}]",
            "[{'sku': 'a', 'n': 1, 'ok': true}, {'sku': 'c', 'n': 1}, {'sku': 'e', 'n': 1}]");
    // a: both edited, different fields; b: the server took it out; c: the device did; d, e: new.
    assertThat(merged.value())
        .isEqualTo(
            json("[{'sku': 'a', 'n': 2, 'ok': true}, {'sku': 'e', 'n': 1}, {'sku': 'd', 'n': 9}]"));
    assertThat(merged.winner()).isEqualTo(Winner.BOTH);
  }

  @Test
  void anEditedElementOutlivesItsRemoval() {
    Merged merged =
        keyed(
            "[{'sku': 'a', 'n': 1}, {'sku': 'b', 'n': 1}]",
            "[{'sku': 'a', 'n': 5}]",
            "[{'sku': 'b', 'n': 7}]");
    assertThat(merged.value()).isEqualTo(json("[{'sku': 'b', 'n': 7}, {'sku': 'a', 'n': 5}]"));
  }

  @Test
  void aListWithoutItsKeysIsDecidedByTime() {
    Merged merged = keyed(null, "[{'sku': 'a'}, {'sku': 'a'}]", "[{'sku': 'b'}]");
    assertThat(merged.rule()).isEqualTo(Rule.LATER);
  }

  @Test
  void objectsAreMergedToTheirDepth() {
    Merged merged =
        new ThreeWay(false)
            .field(
                null,
                json("{'x': {'p': 1, 'q': 1}, 'gone': 1, 'list': [1]}"),
                json("{'x': {'p': 2, 'q': 1}, 'list': [1, 2]}"),
                json("{'x': {'p': 1, 'q': 3}, 'gone': 1, 'list': [1, 3]}"));
    assertThat(merged.value()).isEqualTo(json("{'x': {'p': 2, 'q': 3}, 'list': [1, 3, 2]}"));
  }

  @Test
  void withoutABaseNothingCountsAsTakenOut() {
    Merged merged =
        new ThreeWay(false).field(null, null, json("{'p': 1}"), json("{'q': 2, 'p': 3}"));
    assertThat(merged.value()).isEqualTo(json("{'q': 2, 'p': 3}"));
  }

  private static Merged keyed(@Nullable String base, String client, String server) {
    return new ThreeWay(true)
        .field(
            Asking.POLICY.of("supplies"),
            base == null ? null : json(base),
            json(client),
            json(server));
  }

  private static JsonNode json(String text) {
    return Asking.value(text.startsWith("2026") ? "'" + text + "'" : text);
  }
}
