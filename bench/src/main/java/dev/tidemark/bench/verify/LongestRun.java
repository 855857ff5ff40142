package dev.tidemark.bench.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The longest subsequence that never decreases: what lies outside of it stands at a wrong place.
 */
final class LongestRun {
  private LongestRun() {}

  /** The indices of one such subsequence. */
  static Set<Integer> of(List<Integer> sequence) {
    int[] previous = new int[sequence.size()];
    Arrays.fill(previous, -1);
    // ends.get(n) is the index at which the run of length n + 1 with the smallest end ends
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i < sequence.size(); i++) {
      int low = 0;
      int high = ends.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (sequence.get(ends.get(middle)) <= sequence.get(i)) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      if (low > 0) {
        previous[i] = ends.get(low - 1);
      }
      if (low == ends.size()) {
        ends.add(i);
      } else {
        ends.set(low, i);
      }
    }
    Set<Integer> run = new HashSet<>();
    for (int i = ends.isEmpty() ? -1 : ends.getLast(); i >= 0; i = previous[i]) {
      run.add(i);
    }
    return run;
  }
}
