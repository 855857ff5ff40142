package dev.tidemark.api.jobs;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with a body, place by place. */
public final class JobFaults {
  private static final int MOST = 20;

  private final List<Problem.Fault> places = new ArrayList<>();

  public void add(String pointer, String detail) {
    if (places.size() < MOST) {
      places.add(new Problem.Fault(pointer, detail));
    }
  }

  void addAll(JobFaults others) {
    others.places.forEach(place -> add(place.pointer(), place.detail()));
  }

  public boolean isEmpty() {
    return places.isEmpty();
  }

  /** Refuses the body if anything is wrong with it. */
  public void refuse() {
    if (!places.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ProblemType.INVALID_JOB, places.getFirst().detail(), places, Optional.empty()));
    }
  }

  /** A name as a JSON pointer has it. */
  public static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
