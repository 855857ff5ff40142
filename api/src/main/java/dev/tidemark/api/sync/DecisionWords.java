package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.pipeline.resolution.DecisionJson;
import dev.tidemark.pipeline.resolution.core.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tells in words what became of an operation, out of what is written down. */
final class DecisionWords {
  private static final Set<String> THERE = Set.of("live", "deleted");

  private DecisionWords() {}

  /**
   * A few sentences, one to a line.
   *
   * @param whole also what the device is not to know
   */
  static String of(LedgerEntry entry, boolean whole) {
    Submission submission = entry.submission();
    Ruling ruling = entry.ruling();
    boolean decided = ruling.decision().has("reason");
    List<String> lines = new ArrayList<>();
    lines.add(
        decided
            ? DecisionJson.words(submission, ruling.decision())
            : Words.asked(submission.operation()));
    ObjectNode error = ruling.error();
    boolean told = ruling.result() == Result.REFUSED && decided;
    if (error != null && !told) {
      String detail = error.path("detail").asText(error.path("code").asText());
      lines.add(
          ruling.result() == Result.REJECTED
              ? "That was the decision, but the database would not take it, so nothing was changed: "
                  + half(detail)
              : "It was refused: " + half(detail));
    }
    if (whole && told && THERE.contains(ruling.decision().at("/question/known").asText())) {
      lines.add("(There is, or was, such a row, but not within the scopes that the device had.)");
    }
    if (submission.resolves() != null) {
      lines.add("This was to settle the conflict " + submission.resolves() + ".");
    }
    if (submission.undoes() != null) {
      lines.add("This was to take back the operation " + submission.undoes() + ".");
    }
    return String.join("\n", lines) + "\n";
  }

  private static String half(String detail) {
    return detail.endsWith(".") ? detail : detail + ".";
  }
}
