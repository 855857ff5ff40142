package dev.tidemark.api.views;

import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.Problem.Fault;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.security.Caller;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.ParameterType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from a path which view is asked for what, and whether the caller may. */
final class ViewQuestion {
  private ViewQuestion() {}

  /**
   * The question.
   *
   * @param given the parameters, in the order of the key
   */
  static Question of(ViewCache cache, Caller caller, String name, List<String> given) {
    CacheView view =
        cache
            .view(name)
            .filter(found -> found.parameters().size() == given.size())
            .orElseThrow(ViewQuestion::unknown);
    // Who may read it is decided before a word is said about its parameters.
    if (!caller.seesEverything() && view.scopes().isEmpty()) {
      throw unknown();
    }
    Map<String, String> values = values(view, given);
    if (!allowed(caller, view, values)) {
      throw unknown();
    }
    return Question.of(view, values);
  }

  private static boolean allowed(Caller caller, CacheView view, Map<String, String> values) {
    return caller.seesEverything()
        || view.scopes().stream()
            .map(template -> template.scopeOf(values::get))
            .flatMap(Optional::stream)
            .anyMatch(caller.scopes()::contains);
  }

  private static Map<String, String> values(CacheView view, List<String> given) {
    Map<String, String> values = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    int i = 0;
    for (Map.Entry<String, ParameterType> parameter : view.parameters().entrySet()) {
      String text = given.get(i++);
      Optional<String> canonical = parameter.getValue().canonical(text);
      if (canonical.isPresent()) {
        values.put(parameter.getKey(), canonical.get());
      } else {
        faults.add(
            new Fault(
                "/path/" + parameter.getKey(),
                "'" + parameter.getKey() + "' is " + inWords(parameter.getValue()) + "."));
      }
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ProblemType.INVALID_PARAMETER, faults.getFirst().detail(), faults, Optional.empty()));
    }
    return values;
  }

  static String inWords(ParameterType type) {
    return switch (type) {
      case TEXT -> "a text of at most 512 characters, without control characters";
      case UUID -> "a UUID";
      case SMALLINT -> "a whole number of 16 bits";
      case INTEGER -> "a whole number of 32 bits";
      case BIGINT -> "a whole number of 64 bits";
      case DATE -> "a date such as 2026-01-15";
      case BOOLEAN -> "true or false";
    };
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.of(ProblemType.UNKNOWN_VIEW));
  }
}
