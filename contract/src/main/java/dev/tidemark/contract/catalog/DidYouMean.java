package dev.tidemark.contract.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that somebody probably meant. */
final class DidYouMean {
  private DidYouMean() {}

  /** The word in quotes, and which known word is near to it, if one is. */
  static String hint(String word, Collection<String> known) {
    String quoted = "'" + word + "'";
    return nearest(word, known)
        .map(near -> quoted + " (did you mean '" + near + "'?)")
        .orElse(quoted);
  }

  private static Optional<String> nearest(String word, Collection<String> known) {
    int far = Math.max(1, Math.min(3, word.length() / 3));
    return known.stream()
        .filter(candidate -> distance(small(word), small(candidate)) <= far)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(small(word), small(candidate)))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String small(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  /** How many letters to change, insert, drop or swap with their neighbour. */
  private static int distance(String one, String other) {
    int[][] cost = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = one.charAt(i - 1) == other.charAt(j - 1);
        cost[i][j] =
            Math.min(
                Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[one.length()][other.length()];
  }
}
