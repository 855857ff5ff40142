package dev.tidemark.contract;

import static dev.tidemark.contract.WireSerdes.optionalText;
import static dev.tidemark.contract.WireSerdes.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Failure;
import dev.tidemark.contract.job.JobState.Hold;
import dev.tidemark.contract.job.JobState.Progress;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkerState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;

/** What is said of jobs to bytes and back, by the rules of {@link WireSerdes}. */
public final class JobSerdes {
  private static final ObjectMapper JSON = WireSerdes.exactJson();
  private static final Serde<JobCommand> COMMAND =
      WireSerdes.json(JobSerdes::write, JobSerdes::readCommand);
  private static final Serde<JobState> STATE =
      WireSerdes.streamed(JobSerdes::write, JobSerdes::readState);
  private static final Serde<WorkOrder> ORDER =
      WireSerdes.streamed(JobSerdes::write, JobSerdes::readOrder);

  private static final Serde<JobLog> LOG = WireSerdes.json(JobSerdes::write, JobSerdes::readLine);
  private static final Serde<QueueState> QUEUE =
      WireSerdes.json(JobSerdes::write, JobSerdes::readQueue);
  private static final Serde<WorkerState> WORKER =
      WireSerdes.json(JobSerdes::write, JobSerdes::readWorker);

  private JobSerdes() {}

  public static Serde<JobLog> log() {
    return LOG;
  }

  public static Serde<QueueState> queue() {
    return QUEUE;
  }

  public static Serde<WorkerState> worker() {
    return WORKER;
  }

  public static Serde<ScheduleState> schedule() {
    return ScheduleSerde.STATE;
  }

  public static Serde<JobCommand> command() {
    return COMMAND;
  }

  public static Serde<JobState> state() {
    return STATE;
  }

  public static Serde<WorkOrder> order() {
    return ORDER;
  }

  private static ObjectNode write(JobCommand command) {
    ObjectNode json = JSON.createObjectNode();
    switch (command) {
      case JobCommand.Submit submit -> {
        json.put("kind", "submit").put("id", submit.id());
        write(json, submit.request(), parsed(submit.request().input()));
        json.put("due", submit.due().toString());
      }
      case JobCommand.Cancel(String id) -> json.put("kind", "cancel").put("id", id);
      case JobCommand.Retry(String id, Instant due) ->
          json.put("kind", "retry").put("id", id).put("due", due.toString());
      case JobCommand.Reschedule(String id, Instant due) ->
          json.put("kind", "reschedule").put("id", id).put("due", due.toString());
      case JobCommand.Progressed at -> {
        attempt(json, "progress", at);
        json.put("percent", at.percent()).put("text", at.text());
      }
      case JobCommand.Saved saved -> {
        attempt(json, "save", saved);
        json.put("state", saved.state());
      }
      case JobCommand.Succeeded done -> {
        attempt(json, "succeed", done);
        done.result().ifPresent(result -> json.set("result", parsed(result)));
      }
      case JobCommand.Failed failed -> {
        attempt(json, "fail", failed);
        json.put("error", failed.error()).put("final", failed.isFinal());
      }
      case JobCommand.HandedBack back -> attempt(json, "hand-back", back);
      case JobCommand.Alive alive -> {
        json.put("kind", "alive").put("worker", alive.worker()).put("slots", alive.slots());
        ArrayNode types = json.putArray("types");
        alive.types().forEach(types::add);
        ObjectNode running = json.putObject("running");
        alive.running().forEach(running::put);
        json.put("lease_ms", alive.lease().toMillis());
      }
      case JobCommand.Gone(String worker) -> json.put("kind", "gone").put("worker", worker);
      case JobCommand.Pause(String queue, String by) ->
          json.put("kind", "pause").put("queue", queue).put("by", by);
      case JobCommand.Resume(String queue, String by) ->
          json.put("kind", "resume").put("queue", queue).put("by", by);
      case JobCommand.Forget(Instant before) ->
          json.put("kind", "forget").put("before", before.toString());
      case JobCommand.PutSchedule(JobSchedule schedule, String by) -> {
        json.put("kind", "put-schedule").put("by", by);
        ScheduleSerde.write(json, schedule);
      }
      case JobCommand.DropSchedule(String name, String by) ->
          json.put("kind", "drop-schedule").put("name", name).put("by", by);
      case JobCommand.PauseSchedule(String name, String by) ->
          json.put("kind", "pause-schedule").put("name", name).put("by", by);
      case JobCommand.ResumeSchedule(String name, String by) ->
          json.put("kind", "resume-schedule").put("name", name).put("by", by);
      case JobCommand.Trigger(String name, String id, String by) ->
          json.put("kind", "trigger").put("name", name).put("id", id).put("by", by);
      case JobCommand.Backfill(String name, Instant after, Instant until, String by) ->
          json.put("kind", "backfill")
              .put("name", name)
              .put("after", after.toString())
              .put("until", until.toString())
              .put("by", by);
    }
    return json;
  }

  private static void attempt(ObjectNode json, String kind, JobCommand.OfAttempt of) {
    json.put("kind", kind)
        .put("id", of.id())
        .put("attempt", of.attempt())
        .put("worker", of.worker());
  }

  private static JobCommand readCommand(JsonNode json) {
    String kind = text(json, "kind");
    return switch (kind) {
      case "submit" ->
          new JobCommand.Submit(text(json, "id"), readRequest(json), time(json, "due"));
      case "cancel" -> new JobCommand.Cancel(text(json, "id"));
      case "retry" -> new JobCommand.Retry(text(json, "id"), time(json, "due"));
      case "reschedule" -> new JobCommand.Reschedule(text(json, "id"), time(json, "due"));
      case "progress" ->
          new JobCommand.Progressed(
              text(json, "id"),
              number(json, "attempt"),
              text(json, "worker"),
              number(json, "percent"),
              text(json, "text"));
      case "save" ->
          new JobCommand.Saved(
              text(json, "id"), number(json, "attempt"), text(json, "worker"), text(json, "state"));
      case "succeed" ->
          new JobCommand.Succeeded(
              text(json, "id"),
              number(json, "attempt"),
              text(json, "worker"),
              json(json, "result"));
      case "fail" ->
          new JobCommand.Failed(
              text(json, "id"),
              number(json, "attempt"),
              text(json, "worker"),
              text(json, "error"),
              json.path("final").asBoolean());
      case "hand-back" ->
          new JobCommand.HandedBack(
              text(json, "id"), number(json, "attempt"), text(json, "worker"));
      case "alive" -> readAlive(json);
      case "gone" -> new JobCommand.Gone(text(json, "worker"));
      case "pause" -> new JobCommand.Pause(text(json, "queue"), text(json, "by"));
      case "resume" -> new JobCommand.Resume(text(json, "queue"), text(json, "by"));
      case "forget" -> new JobCommand.Forget(time(json, "before"));
      case "put-schedule" -> new JobCommand.PutSchedule(ScheduleSerde.read(json), text(json, "by"));
      case "drop-schedule" -> new JobCommand.DropSchedule(text(json, "name"), text(json, "by"));
      case "pause-schedule" -> new JobCommand.PauseSchedule(text(json, "name"), text(json, "by"));
      case "resume-schedule" -> new JobCommand.ResumeSchedule(text(json, "name"), text(json, "by"));
      case "trigger" ->
          new JobCommand.Trigger(text(json, "name"), text(json, "id"), text(json, "by"));
      case "backfill" ->
          new JobCommand.Backfill(
              text(json, "name"), time(json, "after"), time(json, "until"), text(json, "by"));
      default -> throw new SerializationException("'" + kind + "' is no command");
    };
  }

  private static JobCommand readAlive(JsonNode json) {
    Set<String> types = new TreeSet<>();
    json.path("types").forEach(type -> types.add(type.asText()));
    Map<String, Integer> running = new TreeMap<>();
    json.path("running")
        .properties()
        .forEach(one -> running.put(one.getKey(), one.getValue().asInt()));
    return new JobCommand.Alive(
        text(json, "worker"),
        types,
        number(json, "slots"),
        running,
        Duration.ofMillis(number(json, "lease_ms")));
  }

  private static void write(JsonGenerator json, WorkOrder order) throws IOException {
    json.writeStringField(
        "kind",
        switch (order) {
          case WorkOrder.Begin _ -> "begin";
          case WorkOrder.End _ -> "end";
        });
    json.writeStringField("id", order.id());
    json.writeNumberField("attempt", order.attempt());
    json.writeStringField("worker", order.worker());
    switch (order) {
      case WorkOrder.Begin begin -> {
        json.writeStringField("type", begin.type());
        raw(json, "input", begin.input());
        json.writeStringField("soft", begin.soft().toString());
        json.writeStringField("hard", begin.hard().toString());
        put(json, "saved", begin.saved());
      }
      case WorkOrder.End end -> json.writeStringField("why", word(end.why()));
    }
  }

  private static WorkOrder readOrder(JsonNode json) {
    String kind = text(json, "kind");
    String id = text(json, "id");
    int attempt = number(json, "attempt");
    String worker = text(json, "worker");
    return switch (kind) {
      case "begin" ->
          new WorkOrder.Begin(
              id,
              attempt,
              worker,
              text(json, "type"),
              json(json, "input").orElse("null"),
              time(json, "soft"),
              time(json, "hard"),
              optional(json, "saved"));
      case "end" ->
          new WorkOrder.End(id, attempt, worker, WorkOrder.Why.valueOf(name(json, "why")));
      default -> throw new SerializationException("'" + kind + "' is no order");
    };
  }

  private static void write(JsonGenerator json, JobState job) throws IOException {
    json.writeStringField("id", job.id());
    JobRequest request = job.request();
    json.writeStringField("type", request.type());
    json.writeStringField("queue", request.queue());
    json.writeNumberField("priority", request.priority());
    put(json, "key", request.key());
    put(json, "unique_key", request.uniqueKey());
    raw(json, "input", request.input());
    json.writeStringField("by", request.by());
    json.writeStringField("at", request.at().toString());
    json.writeStringField("status", word(job.status()));
    json.writeStringField("since", job.since().toString());
    json.writeStringField("due", job.due().toString());
    json.writeNumberField("attempt", job.attempt());
    json.writeNumberField("allowed", job.allowed());
    put(json, "begun", job.begun().map(Instant::toString));
    put(json, "worker", job.worker());
    json.writeBooleanField("cancelling", job.cancelling());
    put(json, "hold", job.hold().map(JobSerdes::word));
    Progress progress = job.progress().orElse(null);
    if (progress != null) {
      json.writeObjectFieldStart("progress");
      json.writeNumberField("percent", progress.percent());
      json.writeStringField("text", progress.text());
      json.writeEndObject();
    }
    json.writeArrayFieldStart("failures");
    for (Failure failure : job.failures()) {
      json.writeStartObject();
      json.writeNumberField("attempt", failure.attempt());
      json.writeStringField("reason", failure.reason());
      json.writeStringField("error", failure.error());
      json.writeStringField("at", failure.at().toString());
      put(json, "begun", failure.begun().map(Instant::toString));
      put(json, "worker", failure.worker());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (job.result().isPresent()) {
      raw(json, "result", job.result().get());
    }
    put(json, "same_as", job.sameAs());
  }

  private static JobState readState(JsonNode json) {
    List<Failure> failures = new ArrayList<>();
    for (JsonNode failure : json.path("failures")) {
      failures.add(
          new Failure(
              number(failure, "attempt"),
              text(failure, "reason"),
              text(failure, "error"),
              time(failure, "at"),
              optionalTime(failure, "begun"),
              optional(failure, "worker")));
    }
    JsonNode progress = json.path("progress");
    return new JobState(
        text(json, "id"),
        readRequest(json),
        Status.valueOf(name(json, "status")),
        time(json, "since"),
        time(json, "due"),
        number(json, "attempt"),
        number(json, "allowed"),
        optionalTime(json, "begun"),
        optional(json, "worker"),
        json.path("cancelling").asBoolean(),
        json.hasNonNull("hold") ? Optional.of(Hold.valueOf(name(json, "hold"))) : Optional.empty(),
        progress.isObject()
            ? Optional.of(new Progress(number(progress, "percent"), text(progress, "text")))
            : Optional.empty(),
        failures,
        json(json, "result"),
        optional(json, "same_as"));
  }

  private static void write(ObjectNode json, JobRequest request, JsonNode input) {
    json.put("type", request.type()).put("queue", request.queue());
    json.put("priority", request.priority());
    put(json, "key", request.key());
    put(json, "unique_key", request.uniqueKey());
    json.set("input", input);
    json.put("by", request.by()).put("at", request.at().toString());
  }

  private static JobRequest readRequest(JsonNode json) {
    return new JobRequest(
        text(json, "type"),
        text(json, "queue"),
        number(json, "priority"),
        optional(json, "key"),
        optional(json, "unique_key"),
        json(json, "input").orElse("null"),
        text(json, "by"),
        time(json, "at"));
  }

  private static ObjectNode write(JobLog line) {
    return JSON.createObjectNode()
        .put("id", line.id())
        .put("attempt", line.attempt())
        .put("worker", line.worker())
        .put("at", line.at().toString())
        .put("line", line.line());
  }

  private static JobLog readLine(JsonNode json) {
    return new JobLog(
        text(json, "id"),
        number(json, "attempt"),
        text(json, "worker"),
        time(json, "at"),
        text(json, "line"));
  }

  private static ObjectNode write(QueueState queue) {
    return JSON.createObjectNode()
        .put("queue", queue.queue())
        .put("partition", queue.partition())
        .put("paused", queue.paused())
        .put("by", queue.by())
        .put("at", queue.at().toString());
  }

  private static QueueState readQueue(JsonNode json) {
    return new QueueState(
        text(json, "queue"),
        number(json, "partition"),
        json.path("paused").asBoolean(),
        text(json, "by"),
        time(json, "at"));
  }

  private static ObjectNode write(WorkerState worker) {
    ObjectNode json = JSON.createObjectNode();
    json.put("worker", worker.worker()).put("partition", worker.partition());
    ArrayNode types = json.putArray("types");
    worker.types().forEach(types::add);
    return json.put("slots", worker.slots()).put("since", worker.since().toString());
  }

  private static WorkerState readWorker(JsonNode json) {
    Set<String> types = new TreeSet<>();
    json.path("types").forEach(type -> types.add(type.asText()));
    return new WorkerState(
        text(json, "worker"),
        number(json, "partition"),
        types,
        number(json, "slots"),
        time(json, "since"));
  }

  private static void put(ObjectNode json, String field, Optional<String> text) {
    text.ifPresent(one -> json.put(field, one));
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new SerializationException("what a job is given or gives is no JSON", e);
    }
  }

  private static void put(JsonGenerator json, String field, Optional<String> text)
      throws IOException {
    if (text.isPresent()) {
      json.writeStringField(field, text.get());
    }
  }

  /** What came out of a command is JSON, and need not be parsed to be written. */
  private static void raw(JsonGenerator json, String field, String text) throws IOException {
    json.writeFieldName(field);
    json.writeRawValue(text);
  }

  private static Optional<String> json(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).map(JsonNode::toString);
  }

  private static Optional<String> optional(JsonNode json, String field) {
    return Optional.ofNullable(optionalText(json, field));
  }

  private static int number(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null || !value.canConvertToInt()) {
      throw new SerializationException("field '" + field + "' is missing or no small number");
    }
    return value.intValue();
  }

  private static Instant time(JsonNode json, String field) {
    return Instant.parse(text(json, field));
  }

  private static Optional<Instant> optionalTime(JsonNode json, String field) {
    return optional(json, field).map(Instant::parse);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String name(JsonNode json, String field) {
    return text(json, field).toUpperCase(Locale.ROOT);
  }
}
