package dev.tidemark.api.problem;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One thing that went wrong with one request.
 *
 * @param detail what went wrong this time, in a sentence for the caller
 * @param errors the places of the request that are at fault, if it has several or they need naming
 * @param retryAfter when it makes sense to ask again
 * @param more further members that the type explains
 */
public record Problem(
    ProblemType type,
    String detail,
    List<Fault> errors,
    Optional<Duration> retryAfter,
    Map<String, String> more) {

  /**
   * One place that is at fault.
   *
   * @param pointer a JSON pointer into the body, or to a parameter as {@code /path/…}, {@code
   *     /query/…} or {@code /header/…}
   */
  public record Fault(String pointer, String detail) {
    public Fault {
      requireNonNull(pointer, "pointer is null");
      requireNonNull(detail, "detail is null");
    }
  }

  public Problem {
    requireNonNull(type, "type is null");
    requireNonNull(detail, "detail is null");
    errors = List.copyOf(errors);
    requireNonNull(retryAfter, "retryAfter is null");
    more = Map.copyOf(more);
  }

  public Problem(
      ProblemType type, String detail, List<Fault> errors, Optional<Duration> retryAfter) {
    this(type, detail, errors, retryAfter, Map.of());
  }

  /** The same with one member more. */
  public Problem with(String name, String value) {
    Map<String, String> all = new TreeMap<>(more);
    all.put(name, value);
    return new Problem(type, detail, errors, retryAfter, all);
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, List.of(), Optional.empty());
  }

  /** A problem about which there is nothing to say beyond its type. */
  public static Problem of(ProblemType type) {
    return of(type, type.explanation());
  }

  public static Problem invalid(String pointer, String detail) {
    return new Problem(
        ProblemType.INVALID_PARAMETER,
        detail,
        List.of(new Fault(pointer, detail)),
        Optional.empty());
  }

  public static Problem unavailable(String detail, Duration retryAfter) {
    return new Problem(ProblemType.UNAVAILABLE, detail, List.of(), Optional.of(retryAfter));
  }

  public static Problem rateLimited(String detail, Duration retryAfter) {
    return new Problem(ProblemType.RATE_LIMITED, detail, List.of(), Optional.of(retryAfter));
  }
}
