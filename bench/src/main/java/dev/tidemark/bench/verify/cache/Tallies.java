package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.verify.cache.wire.Tier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What readers were given, by node and tier. Thread-safe. */
final class Tallies {
  private final List<Map<Tier, LongAdder>> nodes = new ArrayList<>();
  private final LongAdder failed = new LongAdder();

  /** What one node gave: of what the cache answered, how much it had kept. */
  record Count(long answers, long hits) {
    Count since(Count before) {
      return new Count(answers - before.answers, hits - before.hits);
    }

    double share() {
      return answers == 0 ? 0 : (double) hits / answers;
    }
  }

  Tallies(int count) {
    for (int i = 0; i < count; i++) {
      Map<Tier, LongAdder> tiers = new EnumMap<>(Tier.class);
      for (Tier tier : Tier.values()) {
        tiers.put(tier, new LongAdder());
      }
      nodes.add(tiers);
    }
  }

  void given(int node, Tier tier) {
    adder(nodes.get(node).get(tier)).increment();
  }

  void failed() {
    failed.increment();
  }

  long failures() {
    return failed.sum();
  }

  Count of(int node) {
    long answers = 0;
    long hits = 0;
    for (Map.Entry<Tier, LongAdder> tier : nodes.get(node).entrySet()) {
      answers += tier.getValue().sum();
      hits += tier.getKey().hit() ? tier.getValue().sum() : 0;
    }
    return new Count(answers, hits);
  }

  Count all() {
    Count all = new Count(0, 0);
    for (int i = 0; i < nodes.size(); i++) {
      Count one = of(i);
      all = new Count(all.answers() + one.answers(), all.hits() + one.hits());
    }
    return all;
  }

  long of(Tier tier) {
    return nodes.stream().mapToLong(tiers -> adder(tiers.get(tier)).sum()).sum();
  }

  private static LongAdder adder(@Nullable LongAdder adder) {
    return java.util.Objects.requireNonNull(adder, "every tier has one");
  }
}
