package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.Outcome;

/** An outcome alone, as a batch's answer has it among others. */
public final class OutcomeJson {
  private OutcomeJson() {}

  public static ObjectNode of(Outcome outcome) {
    ObjectNode json;
    String status;
    if (AnswerJson.isError(outcome)) {
      status = "error";
      json = OperationProblem.ofOutcome(outcome.index(), outcome);
    } else if (outcome.conflict() == null) {
      status = "success";
      json = AnswerJson.success(outcome.index(), outcome);
    } else {
      status = "conflict";
      json = AnswerJson.conflict(outcome.index(), outcome);
    }
    json.put("batch_id", outcome.batch());
    return json.put("outcome", status);
  }
}
