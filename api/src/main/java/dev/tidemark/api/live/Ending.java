package dev.tidemark.api.live;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemType;
import java.time.Duration;

/**
 * Why a connection ends.
 *
 * @param code the WebSocket's close code
 * @param problem what the other side is told
 */
public record Ending(int code, Problem problem) {
  private static final int BAD_MESSAGE = 4400;
  private static final int UNAUTHENTICATED = 4401;
  private static final int TOO_SLOW = 4408;
  private static final int EXPIRED = 4410;
  private static final int TOO_MANY = 4429;
  private static final int GOING_AWAY = 1012;
  private static final int BROKEN = 1011;
  private static final Duration SOON = Duration.ofSeconds(1);

  static Ending badMessage(Problem problem) {
    return new Ending(BAD_MESSAGE, problem);
  }

  static Ending tokenExpired() {
    return new Ending(
        UNAUTHENTICATED, Problem.of(ProblemType.UNAUTHENTICATED, "The token has expired."));
  }

  static Ending tooSlow() {
    return new Ending(
        TOO_SLOW,
        Problem.of(
            ProblemType.REQUEST_TIMEOUT,
            "The connection did not take what was sent, or did not answer. Catch up by pull."));
  }

  static Ending goingAway() {
    return new Ending(
        GOING_AWAY, Problem.unavailable("This node is going away. Connect again.", SOON));
  }

  static Ending broken() {
    return new Ending(BROKEN, Problem.of(ProblemType.INTERNAL_ERROR));
  }

  /** How a problem that a page of the log ran into ends a connection. */
  static Ending of(Problem problem) {
    return switch (problem.type()) {
      case CURSOR_EXPIRED -> new Ending(EXPIRED, problem);
      case RATE_LIMITED -> new Ending(TOO_MANY, problem);
      case UNAVAILABLE -> new Ending(GOING_AWAY, problem);
      default -> badMessage(problem);
    };
  }
}
