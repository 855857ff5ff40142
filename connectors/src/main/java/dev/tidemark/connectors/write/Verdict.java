package dev.tidemark.connectors.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.WriteAnswer;
import java.util.List;

/** What became of a write. */
sealed interface Verdict {
  /** The row and the ledger have it. */
  record Written() implements Verdict {}

  /**
   * The database would not take it; the ledger says so.
   *
   * @param bare whether the ledger could not hold what the device had sent, either
   */
  record Rejected(ObjectNode error, boolean bare) implements Verdict {}

  /** It has to be decided again. */
  record Answered(WriteAnswer.Kind kind, List<String> operations) implements Verdict {
    public Answered {
      operations = List.copyOf(operations);
    }

    static Answered of(WriteAnswer.Kind kind) {
      return new Answered(kind, List.of());
    }
  }

  /** Not even the ledger can say what became of it. */
  record Unwritable(String reason) implements Verdict {}

  default String text() {
    return switch (this) {
      case Written _ -> "written";
      case Rejected _ -> "rejected";
      case Answered answered -> answered.kind().text();
      case Unwritable _ -> "unwritable";
    };
  }
}
