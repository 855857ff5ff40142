package dev.tidemark.api.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.sync.Strategy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What pushes of both packages have in common. */
final class PushRequest {
  private static final int LONGEST_TIME = 40;

  /** So many are decided at a time, a batch after the other. */
  private static final int MOST_ROWS = 10_000;

  private PushRequest() {}

  /** How conflicts are to be decided. */
  static String strategy(@Nullable String text) {
    if (text == null) {
      return Strategy.MERGE.text();
    }
    return Arrays.stream(Strategy.values())
        .map(Strategy::text)
        .filter(text::equals)
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.invalid(
                        "/query/strategy",
                        "'strategy' is one of "
                            + Arrays.stream(Strategy.values())
                                .map(Strategy::text)
                                .collect(Collectors.joining(", "))
                            + ".")));
  }

  /** When the device says that it sent the request. */
  static Optional<Instant> sent(ObjectNode body) {
    JsonNode sent = body.path("sent_at");
    if (sent.isMissingNode() || sent.isNull()) {
      return Optional.empty();
    }
    Optional<Instant> time = sent.isTextual() ? time(sent.textValue()) : Optional.empty();
    if (time.isEmpty()) {
      throw invalid("/sent_at", "'sent_at' is a time with its zone, such as 2026-01-15T14:30:05Z.");
    }
    return time;
  }

  /** The time with its zone that a text is, if it is one. */
  static Optional<Instant> time(String text) {
    if (text.isEmpty() || text.length() > LONGEST_TIME) {
      return Optional.empty();
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return time.getYear() >= 1 && time.getYear() <= 9999
          ? Optional.of(time.toInstant())
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Refuses what could not be through within any wait.
   *
   * @param pointer where they are
   */
  static void requireFew(int rows, String pointer) {
    if (rows > MOST_ROWS) {
      throw new ProblemException(
          new Problem(
              ProblemType.TOO_MANY_OPERATIONS,
              "There are " + rows + " rows; at most " + MOST_ROWS + " are taken at a time.",
              List.of(new Problem.Fault(pointer, "Too many rows.")),
              Optional.empty()));
    }
  }

  /** A body that is no push. */
  static ProblemException invalid(String pointer, String detail) {
    return new ProblemException(
        new Problem(
            ProblemType.INVALID_BATCH,
            detail,
            List.of(new Problem.Fault(pointer, detail)),
            Optional.empty()));
  }
}
