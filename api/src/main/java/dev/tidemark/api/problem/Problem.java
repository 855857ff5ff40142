package dev.tidemark.api.problem;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One thing that went wrong with one request.
 *
 * @param detail what went wrong this time, in a sentence for the caller
 * @param errors the places of the request that are at fault, if it has several or they need naming
 * @param retryAfter when it makes sense to ask again
 */
public record Problem(
    ProblemType type, String detail, List<Fault> errors, Optional<Duration> retryAfter) {

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
