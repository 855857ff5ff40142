package dev.tidemark.api.workers;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many lines of an attempt's log are kept: the first thousand that this node is told. Of
 * attempts that nothing was heard of for long it forgets what it has counted.
 */
final class LineBudget {
  static final int MOST_LINES = 1_000;

  private static final int MOST_ATTEMPTS = 10_000;

  /** By job and attempt, who was heard of last at the end. */
  private final Map<Of, Integer> told =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Of, Integer> eldest) {
          return size() > MOST_ATTEMPTS;
        }
      };

  private record Of(String id, int attempt) {}

  /** How many of so many lines more are kept. */
  synchronized int take(String id, int attempt, int lines) {
    Of of = new Of(id, attempt);
    int before = told.getOrDefault(of, 0);
    int taken = Math.min(lines, MOST_LINES - before);
    told.put(of, before + taken);
    return taken;
  }
}
