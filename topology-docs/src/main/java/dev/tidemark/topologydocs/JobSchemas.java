package dev.tidemark.topologydocs;

import static dev.tidemark.topologydocs.AsyncApi.map;
import static dev.tidemark.topologydocs.PayloadSchemas.integer;
import static dev.tidemark.topologydocs.PayloadSchemas.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes of what is said of jobs. */
final class JobSchemas {
  private JobSchemas() {}

  static void addTo(Map<String, Object> schemas) {
    schemas.put("JobCommand", command());
    schemas.put("Job", job());
    schemas.put("JobWork", work());
    schemas.put("JobLog", log());
    schemas.put("JobSchedule", schedule());
    schemas.put("JobQueue", queue());
    schemas.put("JobWorker", worker());
  }

  private static Map<String, Object> command() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put(
        "kind",
        text(
            "submit, cancel, retry, reschedule, progress, save, succeed, fail, hand-back, alive,"
                + " gone, pause, resume, forget, put-schedule, drop-schedule, pause-schedule,"
                + " resume-schedule, trigger or backfill. Each has fields of its own.",
            null));
    properties.put("id", text("The job, for what is about one.", null));
    properties.put("attempt", integer("The number of the attempt, for what a worker says."));
    properties.put("worker", text("Who makes it, for what a worker says.", null));
    return object("What the scheduler of jobs is told.", properties, List.of("kind"));
  }

  private static void addRequest(Map<String, Object> properties) {
    properties.put("type", text("The type of job.", null));
    properties.put("queue", text("Where it waits.", null));
    properties.put("priority", integer("From 0 to 9; the higher are begun first."));
    properties.put("key", text("What limits per key go by.", null));
    properties.put("unique_key", text("By which another counts as the same.", null));
    properties.put("input", map("description", "What it is given: any JSON."));
    properties.put("by", text("Who asked.", null));
    properties.put("at", text("When.", "date-time"));
  }

  private static Map<String, Object> job() {
    Map<String, Object> progress = new LinkedHashMap<>();
    progress.put("percent", integer("From 0 to 100."));
    progress.put("text", text("In words.", null));
    Map<String, Object> failure = new LinkedHashMap<>();
    failure.put("attempt", integer("Its number."));
    failure.put("reason", text("error, final-error, hard-limit, worker-lost or not-begun.", null));
    failure.put("error", text("What was said of it.", null));
    failure.put("at", text("When.", "date-time"));
    failure.put("begun", text("When the attempt began.", "date-time"));
    failure.put("worker", text("Who made it.", null));
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("id", text("Its id, which begins with its place.", null));
    addRequest(properties);
    properties.put(
        "status",
        text("scheduled, ready, running, completed, failed, cancelled or refused.", null));
    properties.put("since", text("Since when it is there.", "date-time"));
    properties.put("due", text("When it may be begun, or might have been.", "date-time"));
    properties.put("attempt", integer("The number of the attempt made last; 0 before the first."));
    properties.put("allowed", integer("The last attempt that is made without being asked for."));
    properties.put("begun", text("When the attempt made last began.", "date-time"));
    properties.put("worker", text("Who works on it.", null));
    properties.put(
        "cancelling",
        map("type", "boolean", "description", "Whether its worker was asked to stop for good."));
    properties.put("hold", text("key, pace or worker: what holds it although it is ready.", null));
    properties.put("progress", object("How far it is.", progress, List.of("percent", "text")));
    properties.put(
        "failures",
        map(
            "type",
            "array",
            "description",
            "How the latest attempts failed, the last one last.",
            "items",
            object(
                "How an attempt failed.", failure, List.of("attempt", "reason", "error", "at"))));
    properties.put("result", map("description", "What it came to: any JSON."));
    properties.put("same_as", text("The job that counts as the same, if it was refused.", null));
    return object(
        "A job as it is now.",
        properties,
        List.of(
            "id",
            "type",
            "queue",
            "priority",
            "input",
            "by",
            "at",
            "status",
            "since",
            "due",
            "attempt",
            "allowed",
            "cancelling",
            "failures"));
  }

  private static Map<String, Object> work() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("kind", text("begin or end.", null));
    properties.put("id", text("The job.", null));
    properties.put("attempt", integer("The number of the attempt."));
    properties.put("worker", text("Who is told.", null));
    properties.put("type", text("The type of job, to begin.", null));
    properties.put("input", map("description", "What it is given, to begin: any JSON."));
    properties.put("soft", text("When it will be asked to end.", "date-time"));
    properties.put("hard", text("When it counts as failed.", "date-time"));
    properties.put("saved", text("What an earlier attempt saved last.", null));
    properties.put("why", text("limit, cancelled or abandoned, to end.", null));
    return object(
        "What a worker is told of an attempt.",
        properties,
        List.of("kind", "id", "attempt", "worker"));
  }

  private static Map<String, Object> log() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("id", text("The job.", null));
    properties.put("attempt", integer("The number of the attempt."));
    properties.put("worker", text("Who makes it.", null));
    properties.put("at", text("When.", "date-time"));
    properties.put("line", text("The line.", null));
    return object(
        "A line that an attempt has written down.",
        properties,
        List.of("id", "attempt", "worker", "at", "line"));
  }

  private static Map<String, Object> schedule() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("name", text("Its name.", null));
    properties.put("job", text("The type of the jobs that are made.", null));
    properties.put("cron", text("When, as a line of a crontab.", null));
    properties.put("zone", text("By whose clocks.", null));
    properties.put("missed", text("skip, once or all.", null));
    properties.put("input", map("type", "object", "description", "What the jobs are given."));
    properties.put("origin", text("catalog, changed or made.", null));
    properties.put(
        "paused", map("type", "boolean", "description", "Whether nothing is due by it."));
    properties.put("by", text("Who made it so.", null));
    properties.put("at", text("When.", "date-time"));
    properties.put("next", text("When it is due next.", "date-time"));
    properties.put("last", text("When it was due last.", "date-time"));
    properties.put("last_job", text("The job that was made last.", null));
    properties.put("missed_times", integer("How many times have passed without a job."));
    properties.put("fault", text("Why nothing is due by it.", null));
    return object(
        "A schedule as it is now.",
        properties,
        List.of(
            "name",
            "job",
            "cron",
            "zone",
            "missed",
            "input",
            "origin",
            "paused",
            "by",
            "at",
            "missed_times"));
  }

  private static Map<String, Object> queue() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("queue", text("Which.", null));
    properties.put("partition", integer("Of which partition of the scheduler."));
    properties.put(
        "paused", map("type", "boolean", "description", "Whether nothing of it is begun."));
    properties.put("by", text("Who wanted it so.", null));
    properties.put("at", text("Since when.", "date-time"));
    return object(
        "How a queue is.", properties, List.of("queue", "partition", "paused", "by", "at"));
  }

  private static Map<String, Object> worker() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("worker", text("Its name.", null));
    properties.put("partition", integer("Of which partition of the scheduler."));
    properties.put("types", map("type", "array", "description", "The types of jobs that it does."));
    properties.put("slots", integer("How many it does at a time."));
    properties.put("since", text("Since when it is there.", "date-time"));
    return object(
        "A worker that is there.",
        properties,
        List.of("worker", "partition", "types", "slots", "since"));
  }

  private static Map<String, Object> object(
      String description, Map<String, Object> properties, List<String> required) {
    return map(
        "description",
        description,
        "type",
        "object",
        "required",
        required,
        "properties",
        properties,
        "additionalProperties",
        true);
  }
}
