package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.sync.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Problems of one operation among others. */
final class OperationProblem {
  private static final List<String> PASSED_ON = List.of("code", "constraint", "column", "columns");

  private OperationProblem() {}

  /**
   * A problem as it stands among the errors of a batch.
   *
   * @param key the operation's, if that could be read
   */
  static ObjectNode json(int index, Optional<String> key, Problem problem) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("index", index);
    key.ifPresent(text -> json.put("idempotency_key", text));
    json.put("type", problem.type().address());
    json.put("title", problem.type().title());
    json.put("status", problem.type().status());
    json.put("detail", problem.detail());
    problem.more().forEach(json::put);
    if (!problem.errors().isEmpty()) {
      ArrayNode errors = json.putArray("errors");
      for (Problem.Fault fault : problem.errors()) {
        errors.addObject().put("pointer", fault.pointer()).put("detail", fault.detail());
      }
    }
    return json;
  }

  static ObjectNode keyReused(int index, String key) {
    String pointer = JsonPlace.in(JsonPlace.in("/operations", index), "idempotency_key");
    String detail = "This key was used for another operation.";
    return json(
        index,
        Optional.of(key),
        new Problem(
            ProblemType.IDEMPOTENCY_KEY_REUSED,
            detail,
            List.of(new Problem.Fault(pointer, detail)),
            Optional.empty()));
  }

  /** Why an operation was refused or rejected. */
  static ObjectNode ofOutcome(int index, Outcome outcome) {
    ObjectNode error = outcome.error();
    String code = error == null ? "" : error.path("code").asText("");
    ObjectNode json =
        json(
            index,
            Optional.of(outcome.idempotencyKey()),
            Problem.of(type(code, outcome), detail(code, error)));
    json.put("operation_id", outcome.operation());
    json.put("entity_type", outcome.key().type());
    json.put("entity_id", outcome.key().id());
    for (String member : PASSED_ON) {
      JsonNode value = error == null ? null : error.get(member);
      if (value != null) {
        json.set(member, value);
      }
    }
    return json;
  }

  private static ProblemType type(String code, Outcome outcome) {
    return switch (code) {
      case "already_followed" ->
          outcome.resolves() == null
              ? ProblemType.CANNOT_BE_UNDONE
              : ProblemType.CONFLICT_ALREADY_RESOLVED;
      case "not_found" -> ProblemType.UNKNOWN_ENTITY;
      case "not_available" -> ProblemType.IDENTIFIER_NOT_AVAILABLE;
      case "forbidden" -> ProblemType.FORBIDDEN;
      case "key_changed" -> ProblemType.INVALID_VALUE;
      default -> ProblemType.OPERATION_REJECTED;
    };
  }

  private static String detail(String code, @Nullable ObjectNode error) {
    return switch (code) {
      case "not_found" -> "There is no such row within the device's scopes.";
      case "not_available" -> "The identifier cannot be used.";
      case "forbidden" -> "The device may not write rows of that scope.";
      case "key_changed" -> "A row keeps its key.";
      default ->
          error == null || !error.path("detail").isTextual()
              ? ProblemType.OPERATION_REJECTED.explanation()
              : sentence(error.path("detail").textValue());
    };
  }

  /** What the database has against it, which comes as half a sentence. */
  static String sentence(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    String capital = text.substring(0, first).toUpperCase(Locale.ROOT) + text.substring(first);
    return text.endsWith(".") ? capital : capital + ".";
  }
}
