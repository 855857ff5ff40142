package dev.tidemark.bench.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is wrong, counted, with the first few of each kind in words. Not thread-safe. */
final class Findings {
  private static final int EXAMPLES = 5;

  /** The ways in which topics can differ from history. */
  enum Kind {
    /** Committed, and in no topic. */
    LOST,
    /** In a topic more than once. */
    DUPLICATED,
    /** In its partition at another place than commit order gives it. */
    REORDERED,
    /** In a topic, once, with other content than was committed. */
    ALTERED,
    /** In a topic, but never committed. */
    UNEXPECTED,
    /** Put aside as a dead letter. */
    DEAD_LETTER,
    /** The topics' last word about a row is not what its table holds. */
    STATE
  }

  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private final Map<Kind, List<String>> examples = new EnumMap<>(Kind.class);

  void add(Kind kind, String what) {
    counts.merge(kind, 1, Integer::sum);
    List<String> some = examples.computeIfAbsent(kind, _ -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(what);
    }
  }

  int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  boolean none() {
    return counts.isEmpty();
  }

  /** The examples, a line each. */
  List<String> examples() {
    List<String> lines = new ArrayList<>();
    examples.forEach(
        (kind, some) ->
            some.forEach(
                what -> lines.add(kind.name().toLowerCase(java.util.Locale.ROOT) + ": " + what)));
    return lines;
  }
}
