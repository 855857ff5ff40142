package dev.tidemark.api.sync;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is wrong with a part of a request, place by place. The first fault gives the type. */
final class Faults {
  private static final int MOST = 5;

  private final List<Problem.Fault> places = new ArrayList<>();
  private @Nullable ProblemType type;

  void add(ProblemType ofType, String pointer, String detail) {
    if (type == null) {
      type = ofType;
    }
    if (places.size() < MOST) {
      places.add(new Problem.Fault(pointer, detail));
    }
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  Optional<Problem> problem() {
    ProblemType found = type;
    return found == null
        ? Optional.empty()
        : Optional.of(new Problem(found, places.getFirst().detail(), places, Optional.empty()));
  }
}
