package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes what became of operations. Values of rows go out exactly as they are stored. */
final class AnswerJson {
  private AnswerJson() {}

  /** The answer to a batch; an outcome without a version is one whose row is not known now. */
  static ObjectNode batch(String batch, String device, List<Place> places, Instant now) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("batch_id", batch);
    json.put("device_id", device);
    boolean settled = places.stream().noneMatch(Place.Pending.class::isInstance);
    json.put("settled", settled);
    json.put("processed", places.stream().filter(p -> !(p instanceof Place.Pending)).count());
    ArrayNode successes = json.putArray("successes");
    ArrayNode conflicts = json.putArray("conflicts");
    ArrayNode errors = json.putArray("errors");
    ArrayNode pending = json.putArray("pending");
    for (Place place : places) {
      switch (place) {
        case Place.Failed(_, ObjectNode problem) -> errors.add(problem);
        case Place.Pending(int index) -> pending.add(index);
        case Place.Through(int index, Outcome outcome, _, boolean again) -> {
          if (isError(outcome)) {
            errors.add(marked(OperationProblem.ofOutcome(index, outcome), again));
          } else if (outcome.conflict() == null) {
            successes.add(marked(success(index, outcome), again));
          } else {
            conflicts.add(marked(conflict(index, outcome), again));
          }
        }
      }
    }
    json.put("server_timestamp", now.truncatedTo(ChronoUnit.MICROS).toString());
    return json;
  }

  /** A device that never got the first answer may want to know that nothing was done twice. */
  private static ObjectNode marked(ObjectNode json, boolean again) {
    return again ? json.put("duplicate", true) : json;
  }

  static boolean isError(Outcome outcome) {
    return outcome.result() == Result.REFUSED || outcome.result() == Result.REJECTED;
  }

  static ObjectNode success(int index, Outcome outcome) {
    ObjectNode json = operation(index, outcome);
    json.put("result", outcome.result().text());
    putRow(json, outcome);
    return json;
  }

  /** A conflict as devices and operators see it. */
  static ObjectNode conflict(int index, Outcome outcome) {
    ObjectNode json = operation(index, outcome);
    ConflictType type = outcome.conflict();
    json.put("conflict_type", type == null ? null : type.text());
    json.put("client_version", text(outcome.base()));
    json.put("server_version", text(outcome.serverVersion()));
    json.set("client_data", outcome.data());
    json.set("server_data", outcome.serverRow());
    ArrayNode fields = json.putArray("conflicting_fields");
    outcome.fields().forEach(fields::add);
    json.set("suggested_resolution", suggestion(outcome));
    json.put("result", outcome.result().text());
    json.put("resolution", outcome.resolution());
    json.put("reason", outcome.reason());
    if (outcome.result() == Result.OPEN) {
      json.put("conflict_id", outcome.operation());
    }
    putRow(json, outcome);
    return json;
  }

  private static ObjectNode operation(int index, Outcome outcome) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("index", index);
    json.put("operation_id", outcome.operation());
    json.put("idempotency_key", outcome.idempotencyKey());
    json.put("entity_type", outcome.key().type());
    json.put("entity_id", outcome.key().id());
    json.put("operation", outcome.kind().text());
    if (outcome.resolves() != null) {
      json.put("resolves", outcome.resolves());
    }
    if (outcome.undoes() != null) {
      json.put("undoes", outcome.undoes());
    }
    json.put("written_at", outcome.written().toString());
    return json;
  }

  private static void putRow(ObjectNode json, Outcome outcome) {
    if (outcome.version() != null) {
      json.put("version", outcome.version().toString());
      json.set("row", outcome.row());
    } else if (outcome.result() != Result.APPLIED && outcome.serverVersion() != null) {
      json.put("version", outcome.serverVersion().toString());
      json.set("row", outcome.serverRow());
    }
  }

  /** As it can be posted to resolve the conflict. */
  private static @Nullable JsonNode suggestion(Outcome outcome) {
    ObjectNode suggestion = outcome.suggestion();
    if (suggestion == null) {
      return null;
    }
    ObjectNode data = suggestion;
    boolean rowIsThere =
        outcome.conflict() == ConflictType.UPDATE_UPDATE
            || outcome.conflict() == ConflictType.CREATE_CREATE;
    if (rowIsThere && outcome.kind() != OperationKind.DELETE) {
      Set<String> touched = new TreeSet<>(outcome.fields());
      outcome.data().fieldNames().forEachRemaining(touched::add);
      data = suggestion.deepCopy().retain(touched);
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("resolution", "merge");
    json.set("data", data);
    return json;
  }

  private static @Nullable String text(@Nullable Version version) {
    return version == null ? null : version.toString();
  }
}
