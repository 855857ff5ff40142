package dev.tidemark.topologydocs;

import static dev.tidemark.topologydocs.AsyncApi.list;
import static dev.tidemark.topologydocs.AsyncApi.map;

import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturedTable;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.catalog.EntityType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of the topics as JSON Schemas (draft 7). */
final class PayloadSchemas {
  private static final String VERSION_PATTERN = "^[0-9]{4}-[0-9A-F]{16}$";

  private PayloadSchemas() {}

  static Map<String, Object> common() {
    Map<String, Object> schemas = new LinkedHashMap<>();
    schemas.put("ChangeHeaders", changeHeaders());
    schemas.put("DeadLetterHeaders", deadLetterHeaders());
    schemas.put("Version", version());
    schemas.put("Origin", origin());
    SyncSchemas.addTo(schemas);
    JobSchemas.addTo(schemas);
    schemas.put("Position", position());
    schemas.put("CapturedTable", capturedTable());
    schemas.put("CaptureCommand", captureCommand());
    schemas.put(
        "DeadLetter",
        map("description", "The value of the record as it was, whatever it was.", "x-bytes", true));
    return schemas;
  }

  /** The change of one entity type, and its row. */
  static void addChangeOf(EntityType type, String name, Map<String, Object> schemas) {
    schemas.put(name + "Change", change(type, name));
    schemas.put(name + "Row", row(type));
  }

  private static Map<String, Object> change(EntityType type, String name) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("type", map("type", "string", "const", type.name()));
    properties.put(
        "id",
        map(
            "type",
            list("string", "null"),
            "description",
            "The identifier, the key's columns ("
                + String.join(", ", type.key())
                + ") as text; null for a truncate."));
    properties.put("kind", map("type", "string", "enum", kinds()));
    properties.put("version", ref("Version"));
    properties.put("transaction", integer("The database transaction's id; 0 in a snapshot."));
    properties.put(
        "sequence",
        integer("The number of the change within its transaction, over all entity types."));
    properties.put(
        "committed_at",
        text("When the transaction committed, or a snapshot read the row.", "date-time"));
    properties.put("before", orNull(name + "Row"));
    properties.put("after", orNull(name + "Row"));
    properties.put(
        "changed",
        map(
            "type",
            "array",
            "items",
            map("type", "string"),
            "description",
            "The columns that an update changed."));
    properties.put("origin", orNull("Origin"));
    properties.put("snapshot", map("type", "boolean"));
    return map(
        "title",
        name + "Change",
        "description",
        type.description().isEmpty() ? "A change of " + type.table() : type.description(),
        "type",
        "object",
        "required",
        new ArrayList<>(properties.keySet()),
        "properties",
        properties,
        "additionalProperties",
        true);
  }

  private static Map<String, Object> row(EntityType type) {
    Map<String, Object> columns = new LinkedHashMap<>();
    type.key().forEach(column -> columns.put(column, map("description", "part of the key")));
    type.columns().forEach(column -> columns.putIfAbsent(column, map()));
    return map(
        "title",
        AsyncApi.pascal(type.name()) + "Row",
        "description",
        "A row of "
            + type.table()
            + ": every column by name. How Postgres types become JSON is in docs/contract.md.",
        "type",
        "object",
        "required",
        new ArrayList<>(type.key()),
        "properties",
        columns,
        "additionalProperties",
        true);
  }

  private static Map<String, Object> changeHeaders() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", map("type", "string", "const", "1.0"));
    headers.put("ce_id", text("Unique: version, transaction, number of the change in it.", null));
    headers.put("ce_source", text("/tidemark/ and the replication slot.", null));
    headers.put(
        "ce_type",
        map(
            "type",
            "string",
            "enum",
            kinds().stream().<Object>map(kind -> "dev.tidemark.change." + kind + ".v1").toList()));
    headers.put("ce_subject", text("The entity, as type/id; the type alone for a truncate.", null));
    headers.put("ce_time", text("When the transaction committed.", "date-time"));
    headers.put("content-type", map("type", "string", "const", "application/json"));
    return map(
        "description",
        "CloudEvents 1.0 in Kafka's binary mode.",
        "type",
        "object",
        "required",
        new ArrayList<>(headers.keySet()),
        "properties",
        headers);
  }

  private static Map<String, Object> deadLetterHeaders() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put(DeadLetterHeaders.REASON, text("Why it could not be processed.", null));
    headers.put(DeadLetterHeaders.TOPIC, text("The topic it was on, or meant for.", null));
    for (String name :
        List.of("exception", "message", "stacktrace", "topic", "partition", "offset")) {
      headers.put("__streams.errors." + name, text("Set by topologies.", null));
    }
    return map(
        "description",
        "The record's own headers, and these.",
        "type",
        "object",
        "required",
        list(DeadLetterHeaders.REASON, DeadLetterHeaders.TOPIC),
        "properties",
        headers,
        "additionalProperties",
        true);
  }

  private static Map<String, Object> version() {
    return map(
        "type",
        "string",
        "pattern",
        VERSION_PATTERN,
        "description",
        "Epoch and WAL position. Versions of one entity compare as text.",
        "examples",
        list("0001-00000000016B3748"));
  }

  private static Map<String, Object> origin() {
    return map(
        "type",
        "object",
        "required",
        list("operation"),
        "properties",
        map("device", map("type", list("string", "null")), "operation", map("type", "string")),
        "additionalProperties",
        true);
  }

  private static Map<String, Object> position() {
    return object(
        map(
            "epoch",
            integer("The history that these positions belong to."),
            "phase",
            map("type", "string", "enum", words(CapturePosition.Phase.values())),
            "system",
            text("The database cluster and its timeline.", null),
            "committed",
            integer("The commit position of the last transaction that was sent completely."),
            "transaction",
            integer("The transaction that follows it and was sent in part; 0 if none."),
            "lsn",
            integer("The position of the last change sent of it."),
            "at_lsn",
            integer("How many of its changes at that position were sent."),
            "sequence",
            integer("How many of its changes were sent in all.")));
  }

  private static Map<String, Object> capturedTable() {
    return object(
        map(
            "type",
            text("The entity type.", null),
            "state",
            map("type", "string", "enum", words(CapturedTable.State.values())),
            "columns",
            map(
                "type",
                "object",
                "description",
                "Columns and their types, in the table's order.",
                "additionalProperties",
                map("type", "string")),
            "reason",
            text("Why its changes do not flow; empty if they do.", null),
            "scopes",
            map(
                "type",
                "array",
                "description",
                "The scope templates by which its rows are told.",
                "items",
                map("type", "string")),
            "telling",
            map(
                "type",
                "boolean",
                "description",
                "Whether rows are still being read to be told by these scopes.")));
  }

  private static Map<String, Object> captureCommand() {
    return object(
        map(
            "action",
            map("type", "string", "enum", words(CaptureCommand.Action.values())),
            "type",
            text("The entity type.", null)));
  }

  private static Map<String, Object> object(Map<String, Object> properties) {
    return map(
        "type",
        "object",
        "required",
        new ArrayList<>(properties.keySet()),
        "properties",
        properties,
        "additionalProperties",
        true);
  }

  static Map<String, Object> integer(String description) {
    return map("type", "integer", "format", "int64", "description", description);
  }

  static Map<String, Object> text(String description, @Nullable String format) {
    Map<String, Object> text = map("type", "string", "description", description);
    if (format != null) {
      text.put("format", format);
    }
    return text;
  }

  private static Map<String, Object> orNull(String schema) {
    return map("anyOf", list(ref(schema), map("type", "null")));
  }

  private static Map<String, Object> ref(String schema) {
    return map("$ref", "#/components/schemas/" + schema);
  }

  private static List<Object> kinds() {
    return Arrays.stream(ChangeKind.values()).<Object>map(ChangeKind::text).toList();
  }

  private static List<Object> words(Enum<?>[] values) {
    return Arrays.stream(values).<Object>map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
  }
}
