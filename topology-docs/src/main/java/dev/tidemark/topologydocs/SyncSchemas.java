package dev.tidemark.topologydocs;

import static dev.tidemark.topologydocs.AsyncApi.map;
import static dev.tidemark.topologydocs.PayloadSchemas.integer;
import static dev.tidemark.topologydocs.PayloadSchemas.text;

import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.WriteAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes of what is on the topics beside those of changes. */
final class SyncSchemas {
  private SyncSchemas() {}

  static void addTo(Map<String, Object> schemas) {
    schemas.put("Operation", operation());
    schemas.put("Batch", batch());
    schemas.put("Write", write());
    schemas.put("WriteAnswer", writeAnswer());
    schemas.put("Outcome", outcome());
    schemas.put("ScopedChange", scopedChange());
    schemas.put("Invalidation", invalidation());
  }

  private static Map<String, Object> invalidation() {
    Map<String, Object> cause = new LinkedHashMap<>();
    cause.put("reason", text("change, lost or request.", null));
    cause.put("subject", text("The entity that changed, or who asked.", null));
    cause.put(
        "kind",
        map("type", AsyncApi.list("string", "null"), "description", "What happened to the row."));
    cause.put(
        "changed", map("type", "array", "description", "The columns that an update changed."));
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put(
        "target", text("The key of an answer, a group of them, or an entity found in them.", null));
    properties.put("transaction", integer("The database transaction's id; 0 if it is not known."));
    properties.put(
        "version",
        map("type", AsyncApi.list("string", "null"), "description", "The row's version after it."));
    properties.put("committed_at", text("When it committed.", "date-time"));
    properties.put("cause", object("What happened.", cause));
    return object("Answers of views that a transaction made untrue.", properties);
  }

  private static Map<String, Object> scopedChange() {
    Map<String, Object> change = new LinkedHashMap<>();
    change.put("type", text("The entity type.", null));
    change.put("id", text("The entity's identifier; absent for a truncate.", null));
    change.put("kind", text("put, remove or truncate.", null));
    change.put("version", map("$ref", "#/components/schemas/Version"));
    change.put("transaction", integer("The database transaction's id; 0 in a snapshot."));
    change.put("committed_at", text("When the transaction committed.", "date-time"));
    change.put("origin", map("$ref", "#/components/schemas/Origin"));
    change.put("data", map("type", "object", "description", "The row, for a put."));
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put(
        "scope",
        map(
            "type",
            AsyncApi.list("string", "null"),
            "description",
            "The scope that is told; null for every one that has the row."));
    properties.put(
        "scopes", map("type", "array", "description", "The scopes that the row is in after it."));
    Map<String, Object> told = object("What devices are told.", change);
    told.put("required", AsyncApi.list("type", "kind", "version", "transaction", "committed_at"));
    properties.put("change", told);
    return object("A change, as those who may see one scope are told of it.", properties);
  }

  private static Map<String, Object> operation() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("operation", text("The operation's id.", null));
    properties.put("device", text("Who asks for it.", null));
    properties.put("type", text("The entity type.", null));
    properties.put("id", text("The entity's identifier.", null));
    properties.put("kind", text("create, update or delete.", null));
    properties.put("data", map("type", "object", "description", "The columns to set."));
    properties.put("client_timestamp", text("When it happened, by the device.", "date-time"));
    properties.put("corrected_timestamp", text("The same by our clock.", "date-time"));
    properties.put("strategy", text("How a conflict is to be resolved.", null));
    properties.put("idempotency_key", text("The device's own name for it.", null));
    properties.put("batch", text("The batch it came in.", null));
    properties.put("index", integer("Its place in the batch."));
    return object("An operation of a device, as it was accepted.", properties);
  }

  private static Map<String, Object> batch() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("device", text("Who sent it.", null));
    properties.put("batch", text("What the device calls it.", null));
    properties.put("received_at", text("When it arrived.", "date-time"));
    properties.put("ahead_ms", integer("By how much the device's clock is ahead."));
    properties.put("operations", map("type", "array", "description", "Those that were accepted."));
    properties.put("errors", map("type", "array", "description", "Those that were invalid."));
    return object("Which operations came together.", properties);
  }

  private static Map<String, Object> write() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("type", text("The entity type.", null));
    properties.put("id", text("The entity's identifier.", null));
    properties.put("write", text("Names this attempt.", null));
    properties.put("effect", text("insert, update, delete or none.", null));
    properties.put(
        "expected",
        map(
            "type",
            List.of("object", "null"),
            "description",
            "What the row must still show; null: that there is none."));
    properties.put(
        "entries", map("type", "array", "description", "The operations with their rulings."));
    properties.put("patient", map("type", "boolean"));
    return object("What was decided of an entity, for the database.", properties);
  }

  private static Map<String, Object> writeAnswer() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("type", text("The entity type.", null));
    properties.put("id", text("The entity's identifier.", null));
    properties.put("write", text("Which attempt.", null));
    properties.put(
        "kind",
        map(
            "type",
            "string",
            "enum",
            Arrays.stream(WriteAnswer.Kind.values()).<Object>map(WriteAnswer.Kind::text).toList()));
    properties.put(
        "operations",
        map("type", "array", "description", "With duplicate, those that the ledger has."));
    return object("A write that has to be decided again.", properties);
  }

  private static Map<String, Object> outcome() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("operation", text("The operation's id.", null));
    properties.put("device", text("Who asked for it.", null));
    properties.put("type", text("The entity type.", null));
    properties.put("id", text("The entity's identifier.", null));
    properties.put("kind", text("create, update or delete.", null));
    properties.put("data", map("type", "object", "description", "What the device had set."));
    properties.put(
        "result",
        map(
            "type",
            "string",
            "enum",
            Arrays.stream(Result.values()).<Object>map(Result::text).toList()));
    properties.put("reason", text("Why, in short.", null));
    properties.put("received_at", text("When its batch arrived.", "date-time"));
    properties.put("written_at", text("When it was written down.", "date-time"));
    return object(
        "What became of an operation, as the ledger has it. All members are in docs/contract.md.",
        properties);
  }

  private static Map<String, Object> object(String description, Map<String, Object> properties) {
    return map(
        "description",
        description,
        "type",
        "object",
        "required",
        new ArrayList<>(properties.keySet()),
        "properties",
        properties,
        "additionalProperties",
        true);
  }
}
