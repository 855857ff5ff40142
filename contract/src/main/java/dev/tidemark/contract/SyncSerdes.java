package dev.tidemark.contract;

import static dev.tidemark.contract.WireSerdes.optionalLong;
import static dev.tidemark.contract.WireSerdes.optionalObject;
import static dev.tidemark.contract.WireSerdes.optionalText;
import static dev.tidemark.contract.WireSerdes.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.ConflictType;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Permission;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.RowEffect;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.contract.sync.WriteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** The records of an operation's life to bytes and back, by the rules of {@link WireSerdes}. */
public final class SyncSerdes {
  private static final ObjectMapper JSON = WireSerdes.exactJson();
  private static final Serde<Submission> SUBMISSION =
      WireSerdes.json(SyncSerdes::write, SyncSerdes::readSubmission);
  private static final Serde<SubmittedBatch> BATCH =
      WireSerdes.json(SyncSerdes::writeBatch, SyncSerdes::readBatch);
  private static final Serde<RowWrite> ROW_WRITE =
      WireSerdes.json(SyncSerdes::writeWrite, SyncSerdes::readWrite);
  private static final Serde<WriteAnswer> WRITE_ANSWER =
      WireSerdes.json(SyncSerdes::writeAnswer, SyncSerdes::readAnswer);
  private static final Serde<Outcome> OUTCOME =
      WireSerdes.json(SyncSerdes::writeOutcome, SyncSerdes::readOutcome);

  private SyncSerdes() {}

  public static Serde<Submission> submission() {
    return SUBMISSION;
  }

  public static Serde<SubmittedBatch> batch() {
    return BATCH;
  }

  public static Serde<RowWrite> rowWrite() {
    return ROW_WRITE;
  }

  public static Serde<WriteAnswer> writeAnswer() {
    return WRITE_ANSWER;
  }

  public static Serde<Outcome> outcome() {
    return OUTCOME;
  }

  /** A submission as JSON, for a record that holds it or for the ledger's questions. */
  public static ObjectNode write(Submission submission) {
    SyncOperation operation = submission.operation();
    ObjectNode json = JSON.createObjectNode();
    json.put("operation", operation.id());
    json.put("device", operation.device());
    json.put("type", operation.key().type());
    json.put("id", operation.key().id());
    json.put("kind", operation.kind().text());
    json.set("data", operation.data());
    json.put("base_version", textOf(operation.base()));
    json.put("client_timestamp", operation.clientTime().toString());
    json.put("corrected_timestamp", operation.time().toString());
    json.put("strategy", operation.strategy().text());
    operation.sequence().ifPresent(sequence -> json.put("sequence", sequence));
    json.put("idempotency_key", submission.idempotencyKey());
    json.put("hash", submission.hash());
    json.put("batch", submission.batch());
    json.put("index", submission.index());
    json.put("received_at", submission.received().toString());
    json.set("permission", writePermission(submission.permission()));
    if (!submission.parents().isEmpty()) {
      ArrayNode parents = json.putArray("parents");
      submission.parents().forEach(parent -> parents.add(parent.canonical()));
    }
    setIfKnown(json, "base_data", submission.baseData());
    putIfKnown(json, "resolves", submission.resolves());
    putIfKnown(json, "undoes", submission.undoes());
    json.put("request", submission.request());
    return json;
  }

  /** Reads what {@link #write(Submission)} wrote. */
  public static Submission readSubmission(JsonNode json) {
    SyncOperation operation =
        new SyncOperation(
            text(json, "operation"),
            text(json, "device"),
            new EntityKey(text(json, "type"), text(json, "id")),
            word(OperationKind.class, text(json, "kind")),
            object(json, "data"),
            version(json, "base_version"),
            Times.parse(text(json, "client_timestamp")),
            Times.parse(text(json, "corrected_timestamp")),
            word(Strategy.class, text(json, "strategy")),
            optionalLong(json, "sequence"));
    List<EntityKey> parents = new ArrayList<>();
    json.path("parents").forEach(parent -> parents.add(EntityKey.parse(parent.asText())));
    return new Submission(
        operation,
        text(json, "idempotency_key"),
        text(json, "hash"),
        text(json, "batch"),
        json.path("index").intValue(),
        Times.parse(text(json, "received_at")),
        readPermission(json.path("permission")),
        parents,
        optionalObject(json, "base_data"),
        optionalText(json, "resolves"),
        optionalText(json, "undoes"),
        text(json, "request"));
  }

  private static ObjectNode writePermission(Permission permission) {
    ObjectNode json = JSON.createObjectNode();
    if (permission.everything()) {
      return json.put("everything", true);
    }
    ArrayNode scopes = json.putArray("scopes");
    permission.scopes().stream().sorted().forEach(scopes::add);
    return json;
  }

  private static Permission readPermission(JsonNode json) {
    Set<String> scopes = new LinkedHashSet<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    return new Permission(json.path("everything").booleanValue(), scopes);
  }

  private static ObjectNode writeBatch(SubmittedBatch batch) {
    ObjectNode json = JSON.createObjectNode();
    json.put("device", batch.device());
    json.put("batch", batch.id());
    json.put("received_at", batch.received().toString());
    Instant sent = batch.sent();
    json.put("sent_at", sent == null ? null : sent.toString());
    json.put("ahead_ms", batch.ahead().toMillis());
    json.put("request", batch.request());
    ArrayNode operations = json.putArray("operations");
    for (SubmittedBatch.Accepted accepted : batch.operations()) {
      operations.addObject().put("index", accepted.index()).put("operation", accepted.operation());
    }
    ArrayNode errors = json.putArray("errors");
    for (SubmittedBatch.Invalid invalid : batch.errors()) {
      errors.addObject().put("index", invalid.index()).set("problem", invalid.problem());
    }
    return json;
  }

  private static SubmittedBatch readBatch(JsonNode json) {
    List<SubmittedBatch.Accepted> operations = new ArrayList<>();
    for (JsonNode accepted : json.path("operations")) {
      operations.add(
          new SubmittedBatch.Accepted(
              accepted.path("index").intValue(), text(accepted, "operation")));
    }
    List<SubmittedBatch.Invalid> errors = new ArrayList<>();
    for (JsonNode invalid : json.path("errors")) {
      errors.add(
          new SubmittedBatch.Invalid(invalid.path("index").intValue(), object(invalid, "problem")));
    }
    String sent = optionalText(json, "sent_at");
    return new SubmittedBatch(
        text(json, "device"),
        text(json, "batch"),
        Times.parse(text(json, "received_at")),
        sent == null ? null : Times.parse(sent),
        Duration.ofMillis(json.path("ahead_ms").longValue()),
        text(json, "request"),
        operations,
        errors);
  }

  private static ObjectNode writeWrite(RowWrite write) {
    ObjectNode json = JSON.createObjectNode();
    json.put("type", write.key().type());
    json.put("id", write.key().id());
    json.put("write", write.id());
    switch (write.effect()) {
      case RowEffect.Insert(ObjectNode row) -> json.put("effect", "insert").set("values", row);
      case RowEffect.Update(ObjectNode patch) -> json.put("effect", "update").set("values", patch);
      case RowEffect.Delete() -> json.put("effect", "delete");
      case RowEffect.None() -> json.put("effect", "none");
    }
    switch (write.expected()) {
      case Expected.Absent() -> json.putNull("expected");
      case Expected.Present(ObjectNode values) -> json.set("expected", values);
    }
    ArrayNode entries = json.putArray("entries");
    for (RowWrite.Entry entry : write.entries()) {
      ObjectNode written = entries.addObject();
      written.set("submission", write(entry.submission()));
      written.set("ruling", writeRuling(entry.ruling()));
    }
    setIfKnown(json, "sent", write.sent());
    json.put("patient", write.patient());
    return json;
  }

  private static RowWrite readWrite(JsonNode json) {
    List<RowWrite.Entry> entries = new ArrayList<>();
    for (JsonNode entry : json.path("entries")) {
      entries.add(
          new RowWrite.Entry(
              readSubmission(entry.path("submission")), readRuling(entry.path("ruling"))));
    }
    String effect = text(json, "effect");
    ObjectNode expected = optionalObject(json, "expected");
    return new RowWrite(
        new EntityKey(text(json, "type"), text(json, "id")),
        text(json, "write"),
        switch (effect) {
          case "insert" -> new RowEffect.Insert(object(json, "values"));
          case "update" -> new RowEffect.Update(object(json, "values"));
          case "delete" -> new RowEffect.Delete();
          case "none" -> new RowEffect.None();
          default -> throw new SerializationException("'" + effect + "' is not an effect");
        },
        expected == null ? new Expected.Absent() : new Expected.Present(expected),
        entries,
        optionalObject(json, "sent"),
        json.path("patient").booleanValue());
  }

  private static ObjectNode writeRuling(Ruling ruling) {
    ObjectNode json = JSON.createObjectNode();
    json.put("result", ruling.result().text());
    ConflictType conflict = ruling.conflict();
    if (conflict != null) {
      json.put("conflict_type", conflict.text());
      ArrayNode fields = json.putArray("conflict_fields");
      ruling.fields().forEach(fields::add);
      json.put("resolution", ruling.resolution());
    }
    json.put("reason", ruling.reason());
    setIfKnown(json, "error", ruling.error());
    json.set("decision", ruling.decision());
    putIfKnown(json, "server_version", textOf(ruling.serverVersion()));
    setIfKnown(json, "server_row", ruling.serverRow());
    setIfKnown(json, "suggestion", ruling.suggestion());
    return json;
  }

  private static Ruling readRuling(JsonNode json) {
    return new Ruling(
        word(Result.class, text(json, "result")),
        conflict(json),
        fields(json),
        optionalText(json, "resolution"),
        text(json, "reason"),
        optionalObject(json, "error"),
        object(json, "decision"),
        version(json, "server_version"),
        optionalObject(json, "server_row"),
        optionalObject(json, "suggestion"));
  }

  private static ObjectNode writeAnswer(WriteAnswer answer) {
    ObjectNode json = JSON.createObjectNode();
    json.put("type", answer.key().type());
    json.put("id", answer.key().id());
    json.put("write", answer.write());
    json.put("kind", answer.kind().text());
    ArrayNode operations = json.putArray("operations");
    answer.operations().forEach(operations::add);
    return json;
  }

  private static WriteAnswer readAnswer(JsonNode json) {
    List<String> operations = new ArrayList<>();
    json.path("operations").forEach(operation -> operations.add(operation.asText()));
    return new WriteAnswer(
        new EntityKey(text(json, "type"), text(json, "id")),
        text(json, "write"),
        word(WriteAnswer.Kind.class, text(json, "kind")),
        operations);
  }

  private static ObjectNode writeOutcome(Outcome outcome) {
    ObjectNode json = JSON.createObjectNode();
    json.put("operation", outcome.operation());
    json.put("device", outcome.device());
    json.put("type", outcome.key().type());
    json.put("id", outcome.key().id());
    json.put("batch", outcome.batch());
    json.put("index", outcome.index());
    json.put("idempotency_key", outcome.idempotencyKey());
    json.put("hash", outcome.hash());
    json.put("kind", outcome.kind().text());
    json.set("data", outcome.data());
    json.put("base_version", textOf(outcome.base()));
    json.put("result", outcome.result().text());
    ConflictType conflict = outcome.conflict();
    json.put("conflict_type", conflict == null ? null : conflict.text());
    ArrayNode fields = json.putArray("conflict_fields");
    outcome.fields().forEach(fields::add);
    json.put("resolution", outcome.resolution());
    json.put("reason", outcome.reason());
    json.set("error", outcome.error());
    json.put("server_version", textOf(outcome.serverVersion()));
    json.set("server_row", outcome.serverRow());
    json.set("suggestion", outcome.suggestion());
    json.put("resolves", outcome.resolves());
    json.put("undoes", outcome.undoes());
    json.put("request", outcome.request());
    json.put("received_at", outcome.received().toString());
    json.put("written_at", outcome.written().toString());
    json.put("version", textOf(outcome.version()));
    json.set("row", outcome.row());
    return json;
  }

  private static Outcome readOutcome(JsonNode json) {
    return new Outcome(
        text(json, "operation"),
        text(json, "device"),
        new EntityKey(text(json, "type"), text(json, "id")),
        text(json, "batch"),
        json.path("index").intValue(),
        text(json, "idempotency_key"),
        text(json, "hash"),
        word(OperationKind.class, text(json, "kind")),
        object(json, "data"),
        version(json, "base_version"),
        word(Result.class, text(json, "result")),
        conflict(json),
        fields(json),
        optionalText(json, "resolution"),
        text(json, "reason"),
        optionalObject(json, "error"),
        version(json, "server_version"),
        optionalObject(json, "server_row"),
        optionalObject(json, "suggestion"),
        optionalText(json, "resolves"),
        optionalText(json, "undoes"),
        text(json, "request"),
        Times.parse(text(json, "received_at")),
        Times.parse(text(json, "written_at")),
        version(json, "version"),
        optionalObject(json, "row"));
  }

  private static @Nullable ConflictType conflict(JsonNode json) {
    String conflict = optionalText(json, "conflict_type");
    return conflict == null ? null : word(ConflictType.class, conflict);
  }

  private static List<String> fields(JsonNode json) {
    List<String> fields = new ArrayList<>();
    json.path("conflict_fields").forEach(field -> fields.add(field.asText()));
    return fields;
  }

  private static <E extends Enum<E>> E word(Class<E> words, String text) {
    return Enum.valueOf(words, text.toUpperCase(Locale.ROOT));
  }

  private static @Nullable String textOf(@Nullable Version version) {
    return version == null ? null : version.toString();
  }

  private static @Nullable Version version(JsonNode json, String field) {
    String text = optionalText(json, field);
    return text == null ? null : Version.parse(text);
  }

  private static ObjectNode object(JsonNode json, String field) {
    ObjectNode object = optionalObject(json, field);
    if (object == null) {
      throw new SerializationException("field '" + field + "' is missing or not an object");
    }
    return object;
  }

  private static void putIfKnown(ObjectNode json, String field, @Nullable String text) {
    if (text != null) {
      json.put(field, text);
    }
  }

  private static void setIfKnown(ObjectNode json, String field, @Nullable JsonNode value) {
    if (value != null) {
      json.set(field, value);
    }
  }
}
