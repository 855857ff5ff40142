package dev.tidemark.api.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Failure;
import dev.tidemark.contract.job.JobState.Status;
import dev.tidemark.pipeline.board.core.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A job as callers see it. */
public final class JobJson {
  private static final String QUEUED = "QUEUED";

  private JobJson() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The five states of a job that all clients know, and one for what was never taken. */
  public static String status(JobState job) {
    return switch (job.status()) {
      case SCHEDULED, READY -> QUEUED;
      case RUNNING, COMPLETED, FAILED, CANCELLED, REFUSED -> job.status().name();
    };
  }

  /** A job in a list. */
  static ObjectNode brief(JobState job) {
    ObjectNode json = object();
    json.put("id", job.id());
    json.put("type", job.request().type());
    json.put("queue", job.request().queue());
    json.put("status", status(job));
    json.put("phase", Phase.of(job).text());
    json.put("priority", job.request().priority());
    put(json, "key", job.request().key());
    put(json, "unique_key", job.request().uniqueKey());
    sync(json, job);
    json.put("created_at", job.request().at().toString());
    json.put("created_by", job.request().by());
    json.put("due_at", job.due().toString());
    put(json, "started_at", job.begun().map(Instant::toString));
    if (job.status().ended()) {
      json.put("finished_at", job.since().toString());
    }
    json.put("attempt", job.attempt());
    json.put("max_attempts", job.allowed());
    put(json, "worker", job.worker());
    if (job.cancelling()) {
      json.put("cancel_requested", true);
    }
    job.progress()
        .ifPresent(
            progress ->
                json.putObject("progress")
                    .put("percent", progress.percent())
                    .put("text", progress.text()));
    if (!job.failures().isEmpty()) {
      json.put("error", job.failures().getLast().error());
    }
    put(json, "same_as", job.sameAs());
    return json;
  }

  /** All that is known of a job. */
  static ObjectNode whole(JobState job) {
    ObjectNode json = brief(job);
    json.set("input", parsed(job.request().input()));
    job.result().ifPresent(result -> json.set("result", parsed(result)));
    ArrayNode attempts = json.putArray("attempts");
    for (Failure failure : job.failures()) {
      ObjectNode attempt = attempts.addObject();
      attempt.put("number", failure.attempt());
      put(attempt, "started_at", failure.begun().map(Instant::toString));
      attempt.put("ended_at", failure.at().toString());
      put(attempt, "worker", failure.worker());
      attempt.put("reason", failure.reason());
      attempt.put("error", failure.error());
    }
    json.set("timeline", timeline(job));
    return json;
  }

  private static void sync(ObjectNode json, JobState job) {
    String type = job.request().type();
    if (type.startsWith(Submissions.SYNC)) {
      json.put(
          "sync_type",
          type.equals(Submissions.ALL_INTEGRATIONS)
              ? "all"
              : type.substring(Submissions.SYNC.length()));
      JsonNode integration = parsed(job.request().input()).path("integration_id");
      if (!integration.isMissingNode()) {
        json.set("integration_id", integration);
      }
    }
  }

  /** What happened when, as far as it is known. */
  private static ArrayNode timeline(JobState job) {
    record Event(Instant at, String event, Optional<Integer> attempt) {}
    List<Event> events = new ArrayList<>();
    events.add(new Event(job.request().at(), "submitted", Optional.empty()));
    for (Failure failure : job.failures()) {
      failure
          .begun()
          .ifPresent(at -> events.add(new Event(at, "started", Optional.of(failure.attempt()))));
      events.add(new Event(failure.at(), failure.reason(), Optional.of(failure.attempt())));
    }
    boolean told =
        !job.failures().isEmpty() && job.failures().getLast().begun().equals(job.begun());
    if (!told) {
      job.begun().ifPresent(at -> events.add(new Event(at, "started", Optional.of(job.attempt()))));
    }
    if (job.status().ended()) {
      events.add(
          new Event(job.since(), job.status().name().toLowerCase(Locale.ROOT), Optional.empty()));
    } else if (job.status() == Status.SCHEDULED) {
      events.add(new Event(job.due(), "due", Optional.empty()));
    }
    events.sort(Comparator.comparing(Event::at));
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Event event : events) {
      ObjectNode one =
          json.addObject().put("at", event.at().toString()).put("event", event.event());
      event.attempt().ifPresent(attempt -> one.put("attempt", attempt));
    }
    return json;
  }

  public static JsonNode parsed(String json) {
    try {
      return WireSerdes.exactJson().readTree(json);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(json);
    }
  }

  static void put(ObjectNode json, String field, Optional<String> text) {
    text.ifPresent(one -> json.put(field, one));
  }
}
