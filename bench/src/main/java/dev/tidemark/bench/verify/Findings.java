package dev.tidemark.bench.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is wrong, counted, with the first few of each kind in words. Thread-safe. */
public final class Findings {
  private static final int EXAMPLES = 5;

  /** The ways in which what came out can differ from what went in. */
  public enum Kind {
    /** Committed, and in no topic; acknowledged, and not in the ledger. */
    LOST,
    /** In a topic more than once; an operation that took effect more than once. */
    DUPLICATED,
    /** In its partition at another place than commit order gives it. */
    REORDERED,
    /** In a topic, once, with other content than was committed; another effect than was decided. */
    ALTERED,
    /** In a topic, but never committed; a row's change that no operation explains. */
    UNEXPECTED,
    /** A sum to which somebody's share is missing. */
    LOST_UPDATE,
    /** A decision that the same question does not get again. */
    MISJUDGED,
    /** Accepted, and not settled in time. */
    UNSETTLED,
    /** A reader was not told of a row that came, or of one that went. */
    SKIPPED,
    /** A reader was told the same twice. */
    REPEATED,
    /** A reader was told of a row as it had been before. */
    WENT_BACK,
    /** A reader that had been told everything had a part of a transaction. */
    TORN,
    /** A reader has other values of a row than its table. */
    WRONG_ROW,
    /** A reader was shown what had not been so for longer than is promised. */
    STALE,
    /** A job was decided by an attempt that was not the one that was made. */
    STALE_ATTEMPT,
    /** More jobs than may, or sooner. */
    LIMIT,
    /** Two jobs that count as the same lived at once. */
    TWIN,
    /** An attempt that did not fail counted as one that did. */
    BURNED,
    /** A time of a schedule has no job, or more than one, or was none. */
    CALENDAR,
    /** Put aside as a dead letter. */
    DEAD_LETTER,
    /** The last word about a row, of topics or of a node, is not what its table holds. */
    STATE
  }

  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private final Map<Kind, List<String>> examples = new EnumMap<>(Kind.class);

  public synchronized void add(Kind kind, String what) {
    counts.merge(kind, 1, Integer::sum);
    List<String> some = examples.computeIfAbsent(kind, _ -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(what);
    }
  }

  public synchronized int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  public synchronized boolean none() {
    return counts.isEmpty();
  }

  /** The examples, a line each. */
  public synchronized List<String> examples() {
    List<String> lines = new ArrayList<>();
    examples.forEach(
        (kind, some) ->
            some.forEach(
                what -> lines.add(kind.name().toLowerCase(java.util.Locale.ROOT) + ": " + what)));
    return lines;
  }
}
