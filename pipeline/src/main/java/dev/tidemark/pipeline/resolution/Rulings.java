package dev.tidemark.pipeline.resolution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.pipeline.resolution.core.Conflict;
import dev.tidemark.pipeline.resolution.core.Decision;
import dev.tidemark.pipeline.resolution.core.Effect;
import dev.tidemark.pipeline.resolution.core.Effect.Refusal;
import dev.tidemark.pipeline.resolution.core.Known;
import dev.tidemark.pipeline.resolution.core.Question;
import dev.tidemark.pipeline.resolution.core.Round;
import dev.tidemark.pipeline.resolution.core.Round.Decided;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes decisions down as the ledger has them. */
final class Rulings {
  private Rulings() {}

  static Ruling of(EntityType type, Decided decided) {
    Question question = decided.question();
    Decision decision = decided.decision();
    Conflict conflict = decision.conflict();
    Effect effect = decision.effect();
    return new Ruling(
        result(effect),
        conflict == null ? null : conflict.type(),
        conflict == null ? List.of() : conflict.fields(),
        conflict == null ? null : conflict.resolution().text(),
        decision.explanation().reason().text(),
        effect instanceof Effect.Refused(Refusal refusal) ? error(refusal) : null,
        DecisionJson.write(type, question, decision),
        serverVersion(decision),
        serverRow(question, decision),
        conflict == null ? null : conflict.suggestion());
  }

  /** Of an operation that could not even be decided. */
  static Ruling undecidable(String code, String detail) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("code", code).put("detail", detail);
    return new Ruling(
        Result.REFUSED,
        null,
        List.of(),
        null,
        "refused",
        error,
        JsonNodeFactory.instance.objectNode(),
        null,
        null,
        null);
  }

  private static Result result(Effect effect) {
    return switch (effect) {
      case Effect.Insert _, Effect.Update _, Effect.Delete _ -> Result.APPLIED;
      case Effect.Nothing _ -> Result.UNCHANGED;
      case Effect.Undecided _ -> Result.OPEN;
      case Effect.Refused _ -> Result.REFUSED;
    };
  }

  /** A device that were told a version which is only coming would name it as its base. */
  private static @Nullable Version serverVersion(Decision decision) {
    Version server = decision.explanation().server();
    return server == null || Round.isComing(server) ? null : server;
  }

  /**
   * The row that the device is shown, or that can be brought back: where two met, where nothing was
   * done, and where it is removed. An explanation without a version tells of no row.
   */
  private static @Nullable ObjectNode serverRow(Question question, Decision decision) {
    boolean told =
        decision.conflict() != null
            || decision.effect() instanceof Effect.Nothing
            || decision.effect() instanceof Effect.Delete;
    return told
            && decision.explanation().server() != null
            && question.known() instanceof Known.Live live
        ? live.row()
        : null;
  }

  private static ObjectNode error(Refusal refusal) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("code", refusal.text());
    return error.put(
        "detail",
        switch (refusal) {
          case NOT_FOUND -> "There is no such row that this device may see.";
          case NOT_AVAILABLE -> "The identifier cannot be used.";
          case FORBIDDEN -> "The device may not write rows of that scope.";
          case KEY_CHANGED -> "A row keeps its key.";
        });
  }
}
