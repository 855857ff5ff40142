package dev.tidemark.pipeline.resolution;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Times;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.pipeline.resolution.core.Conflict;
import dev.tidemark.pipeline.resolution.core.Decision;
import dev.tidemark.pipeline.resolution.core.Effect;
import dev.tidemark.pipeline.resolution.core.Explanation;
import dev.tidemark.pipeline.resolution.core.FieldDecision;
import dev.tidemark.pipeline.resolution.core.Known;
import dev.tidemark.pipeline.resolution.core.Policy;
import dev.tidemark.pipeline.resolution.core.Question;
import dev.tidemark.pipeline.resolution.core.Stamp;
import dev.tidemark.pipeline.resolution.core.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A decision as the ledger keeps it: what was found, why, and what it was decided upon, so that the
 * same question can be asked again years later. Stored: what was ever written stays readable.
 */
public final class DecisionJson {
  private DecisionJson() {}

  /** A decision with its question. */
  public static ObjectNode write(EntityType type, Question question, Decision decision) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Explanation why = decision.explanation();
    json.put("reason", why.reason().text());
    putVersion(json, "base", why.base());
    json.put("base_known_by", why.baseKnownBy());
    putVersion(json, "server", why.server());
    putText(json, "server_device", why.serverDevice());
    json.put("client_time", why.clientTime().toString());
    json.put("corrected_time", why.correctedTime().toString());
    putText(json, "server_time", why.serverTime() == null ? null : why.serverTime().toString());
    json.put("strategy", why.strategy().text());
    json.put("policy", why.policy());
    json.set("effect", write(decision.effect()));
    Conflict conflict = decision.conflict();
    if (conflict != null) {
      json.set("conflict", write(conflict));
    }
    ArrayNode fields = json.putArray("fields");
    why.fields().forEach(field -> fields.add(write(field)));
    json.set("question", writeQuestion(type, question, conflict != null));
    return json;
  }

  private static ObjectNode write(Effect effect) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return switch (effect) {
      case Effect.Insert(ObjectNode row) -> json.put("kind", "insert").set("values", row);
      case Effect.Update(ObjectNode patch) -> json.put("kind", "update").set("values", patch);
      case Effect.Delete() -> json.put("kind", "delete");
      case Effect.Nothing() -> json.put("kind", "nothing");
      case Effect.Undecided() -> json.put("kind", "undecided");
      case Effect.Refused(Effect.Refusal refusal) ->
          json.put("kind", "refused").put("refusal", refusal.text());
    };
  }

  private static ObjectNode write(Conflict conflict) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", conflict.type().text());
    ArrayNode fields = json.putArray("fields");
    conflict.fields().forEach(fields::add);
    json.put("resolution", conflict.resolution().text());
    if (conflict.suggestion() != null) {
      json.set("suggestion", conflict.suggestion());
    }
    return json;
  }

  private static ObjectNode write(FieldDecision field) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("field", field.field());
    json.put("winner", field.winner().text());
    json.put("rule", field.rule().text());
    if (field.base() != null) {
      json.set("base", field.base());
    }
    json.set("client", field.client());
    json.set("server", field.server());
    json.set("result", field.result());
    return json;
  }

  private static ObjectNode writeQuestion(EntityType type, Question question, boolean conflict) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (question.known()) {
      case Known.Absent() -> json.put("known", "absent");
      case Known.Live live -> {
        boolean whole = conflict || question.operation().kind() == OperationKind.DELETE;
        Set<String> needed = whole ? names(live.row()) : needed(type, question.operation());
        json.put("known", "live");
        json.set("last", write(live.last()));
        json.put("changed_at", live.changedAt().toString());
        ObjectNode row = json.putObject("row");
        ArrayNode stamps = json.putArray("stamps");
        Map<Stamp, ArrayNode> fieldsOf = new LinkedHashMap<>();
        for (String field : needed) {
          JsonNode value = live.row().get(field);
          if (value == null) {
            continue;
          }
          row.set(field, value);
          Stamp stamp = live.fields().get(field);
          if (stamp != null) {
            fieldsOf
                .computeIfAbsent(
                    stamp,
                    written -> {
                      ObjectNode group = write(written);
                      stamps.add(group);
                      return group.putArray("fields");
                    })
                .add(field);
          }
        }
      }
      case Known.Deleted deleted -> {
        json.put("known", "deleted");
        json.set("last", write(deleted.last()));
        json.put("changed_at", deleted.changedAt().toString());
        if (deleted.lastRow() != null) {
          json.set("row", deleted.lastRow());
        }
      }
    }
    putVersion(json, "seen", question.seen());
    if (question.baseRow() != null) {
      json.set("base_row", question.baseRow());
    }
    return json;
  }

  private static Set<String> names(ObjectNode row) {
    Set<String> names = new LinkedHashSet<>();
    row.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> needed(EntityType type, SyncOperation operation) {
    Set<String> needed = new LinkedHashSet<>(type.key());
    for (ScopeTemplate scope : type.scopes()) {
      needed.addAll(scope.columns());
    }
    needed.addAll(names(operation.data()));
    return needed;
  }

  private static ObjectNode write(Stamp stamp) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", stamp.version().toString());
    putText(json, "device", stamp.device());
    stamp.sequence().ifPresent(sequence -> json.put("sequence", sequence));
    if (stamp.sent() != null) {
      json.set("sent", stamp.sent());
    }
    return json;
  }

  /** The decision again, as it was. */
  public static Decision readDecision(JsonNode json) {
    List<FieldDecision> fields = new ArrayList<>();
    for (JsonNode field : json.path("fields")) {
      fields.add(
          new FieldDecision(
              field.path("field").asText(),
              word(FieldDecision.Winner.class, field.path("winner")),
              word(FieldDecision.Rule.class, field.path("rule")),
              field.get("base"),
              value(field, "client"),
              value(field, "server"),
              value(field, "result")));
    }
    Explanation why =
        new Explanation(
            word(Explanation.Reason.class, json.path("reason")),
            version(json, "base"),
            json.path("base_known_by").asText(),
            version(json, "server"),
            json.path("server_device").textValue(),
            Times.parse(json.path("client_time").asText()),
            Times.parse(json.path("corrected_time").asText()),
            instant(json, "server_time"),
            word(Strategy.class, json.path("strategy")),
            json.path("policy").asText(),
            fields);
    return new Decision(readEffect(json.path("effect")), readConflict(json.get("conflict")), why);
  }

  private static Effect readEffect(JsonNode json) {
    return switch (json.path("kind").asText()) {
      case "insert" -> new Effect.Insert((ObjectNode) value(json, "values"));
      case "update" -> new Effect.Update((ObjectNode) value(json, "values"));
      case "delete" -> new Effect.Delete();
      case "nothing" -> new Effect.Nothing();
      case "undecided" -> new Effect.Undecided();
      default -> new Effect.Refused(word(Effect.Refusal.class, json.path("refusal")));
    };
  }

  private static @Nullable Conflict readConflict(@Nullable JsonNode json) {
    if (json == null) {
      return null;
    }
    List<String> fields = new ArrayList<>();
    json.path("fields").forEach(field -> fields.add(field.asText()));
    return new Conflict(
        word(ConflictType.class, json.path("type")),
        fields,
        word(Conflict.Resolution.class, json.path("resolution")),
        json.get("suggestion") instanceof ObjectNode row ? row : null);
  }

  /** The question again, to be decided anew, perhaps by other rules. */
  public static Question readQuestion(
      EntityType type, Policy policy, Submission submission, JsonNode decision) {
    JsonNode json = decision.path("question");
    return new Question(
        submission.operation(),
        readKnown(json),
        version(json, "seen"),
        json.get("base_row") instanceof ObjectNode row ? row : null,
        policy,
        row -> submission.permission().covers(type, row),
        Question.takesBack(submission));
  }

  private static Known readKnown(JsonNode json) {
    String known = json.path("known").asText();
    if (known.equals("absent")) {
      return new Known.Absent();
    }
    Stamp last = readStamp(json.path("last"));
    Instant changedAt = Times.parse(json.path("changed_at").asText());
    ObjectNode row = json.get("row") instanceof ObjectNode object ? object : null;
    if (known.equals("deleted")) {
      return new Known.Deleted(row, last, changedAt);
    }
    Map<String, Stamp> stamps = new LinkedHashMap<>();
    for (JsonNode group : json.path("stamps")) {
      Stamp stamp = readStamp(group);
      group.path("fields").forEach(field -> stamps.put(field.asText(), stamp));
    }
    return new Known.Live(requireNonNull(row, "a live row"), last, changedAt, stamps);
  }

  private static Stamp readStamp(JsonNode json) {
    JsonNode sequence = json.get("sequence");
    return new Stamp(
        Version.parse(json.path("version").asText()),
        json.path("device").textValue(),
        sequence == null ? OptionalLong.empty() : OptionalLong.of(sequence.longValue()),
        json.get("sent"));
  }

  /** A stored decision in words, for a person. */
  public static String words(Submission submission, JsonNode decision) {
    return Words.of(
        submission.operation(), readDecision(decision), readKnown(decision.path("question")));
  }

  private static JsonNode value(JsonNode json, String field) {
    JsonNode value = json.get(field);
    return value == null ? NullNode.getInstance() : value;
  }

  private static <E extends Enum<E>> E word(Class<E> words, JsonNode json) {
    return Enum.valueOf(words, json.asText().toUpperCase(Locale.ROOT));
  }

  private static @Nullable Version version(JsonNode json, String field) {
    String text = json.path(field).textValue();
    return text == null ? null : Version.parse(text);
  }

  private static @Nullable Instant instant(JsonNode json, String field) {
    String text = json.path(field).textValue();
    return text == null ? null : Times.parse(text);
  }

  private static void putVersion(ObjectNode json, String field, @Nullable Version version) {
    if (version != null) {
      json.put(field, version.toString());
    }
  }

  private static void putText(ObjectNode json, String field, @Nullable String text) {
    if (text != null) {
      json.put(field, text);
    }
  }
}
