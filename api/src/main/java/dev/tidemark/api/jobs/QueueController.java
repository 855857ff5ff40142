package dev.tidemark.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.Place;
import dev.tidemark.pipeline.board.JobBoard;
import dev.tidemark.pipeline.board.core.JobFilter;
import dev.tidemark.pipeline.board.core.Phase;
import dev.tidemark.pipeline.board.core.Recent;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues, who works on them, and what has failed in them. */
@Controller("/api")
@Tag(name = "jobs")
@SecurityRequirement(name = "bearer")
class QueueController {
  private static final Logger LOG = LoggerFactory.getLogger(QueueController.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int SAMPLE = 10;
  private static final int MOST_AT_ONCE = 10_000;
  private static final int MOST_A_SECOND = 10_000;
  private static final List<String> ACTIONS = List.of("cancel", "retry", "reschedule");
  private static final Set<Phase> ENDED = Set.of(Phase.COMPLETED, Phase.FAILED, Phase.CANCELLED);
  private static final Set<Phase> WAITING = Set.of(Phase.SCHEDULED, Phase.RETRYING, Phase.READY);

  private final JobDesk desk;
  private final JobCatalog catalog;
  private final RequestJson json;
  private final InstantSource clock;

  QueueController(JobDesk desk, Catalog catalog, RequestJson json, InstantSource clock) {
    this.desk = desk;
    this.catalog = catalog.jobs();
    this.json = json;
    this.clock = clock;
  }

  @Get("/sync/queue/stats")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getQueueStats",
      summary = "How queues do",
      description =
          "Of each queue how many jobs are where in their lives, how old the oldest is, and how jobs have ended in the last five minutes, as this node saw it.")
  @ApiResponse(
      responseCode = "200",
      description = "The figures.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.QueueStats.class)))
  MutableHttpResponse<?> stats() {
    JobAnswers.requireJobs(catalog);
    JobBoard board = desk.board();
    Instant now = clock.instant();
    ObjectNode answer = JobJson.object();
    ArrayNode queues = answer.putArray("queues");
    for (JobQueue queue : catalog.queues()) {
      queues.add(queue(queue, board.figures(queue.name()), now));
    }
    ArrayNode workers = answer.putArray("workers");
    for (JobBoard.Present present : board.workers()) {
      ObjectNode worker = workers.addObject();
      worker.put("name", present.worker().worker());
      worker.put("since", present.worker().since().toString());
      worker.put("slots", present.worker().slots());
      worker.put("running", present.running());
      ArrayNode types = worker.putArray("types");
      present.worker().types().forEach(types::add);
    }
    return JobAnswers.ok(answer);
  }

  private static ObjectNode queue(JobQueue queue, JobBoard.Figures figures, Instant now) {
    ObjectNode json = JobJson.object();
    json.put("name", queue.name());
    json.put("description", queue.description());
    json.put("paused", figures.paused().isPresent());
    figures.paused().ifPresent(state -> json.put("paused_by", state.by()));
    json.put("concurrency", queue.concurrency());
    json.put("weight", queue.weight());
    for (Phase phase : Phase.values()) {
      json.put(phase == Phase.FAILED ? "dead" : phase.text(), figures.counts().get(phase));
    }
    json.put(
        "oldest_age_seconds",
        figures
            .oldestDue()
            .map(due -> Math.max(0, Duration.between(due, now).toMillis() / 1000.0))
            .orElse(0.0));
    Recent.Figures recent = figures.recent();
    json.put(
        "completed_per_minute", rounded(recent.completed() / (double) Recent.SPAN.toMinutes()));
    json.put("failed_per_minute", rounded(recent.failed() / (double) Recent.SPAN.toMinutes()));
    json.set("wait_ms", percentiles(recent.waits()));
    json.set("run_ms", percentiles(recent.runs()));
    return json;
  }

  private static ObjectNode percentiles(Recent.Percentiles percentiles) {
    return JobJson.object()
        .put("p50", rounded(percentiles.p50()))
        .put("p95", rounded(percentiles.p95()))
        .put("p99", rounded(percentiles.p99()));
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  @Post("/queues/{queue}/pause")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "pauseQueue",
      summary = "Begin nothing of a queue",
      description = "What runs goes on; what comes waits until the queue is resumed.")
  @ApiResponse(
      responseCode = "200",
      description = "It is paused.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Paused.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Paused.class)))
  MutableHttpResponse<?> pause(
      HttpRequest<?> request, @Parameter(description = "The queue.") String queue) {
    return pause(request, queue, true);
  }

  @Post("/queues/{queue}/resume")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "resumeQueue",
      summary = "Let a queue go on",
      description = "What waits in it may begin.")
  @ApiResponse(
      responseCode = "200",
      description = "It goes on.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Paused.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Paused.class)))
  MutableHttpResponse<?> resume(
      HttpRequest<?> request, @Parameter(description = "The queue.") String queue) {
    return pause(request, queue, false);
  }

  private MutableHttpResponse<?> pause(HttpRequest<?> request, String queue, boolean paused) {
    known(queue);
    JobBoard board = desk.board();
    String by = JobAnswers.by(request);
    desk.say(List.of(paused ? new JobCommand.Pause(queue, by) : new JobCommand.Resume(queue, by)));
    LOG.info("{} {} the queue {}", by, paused ? "pauses" : "resumes", queue);
    boolean done = JobWaits.until(board, () -> board.isPaused(queue) == paused, PATIENCE);
    return JobAnswers.json(
        done ? HttpStatus.OK : HttpStatus.ACCEPTED,
        JobJson.object().put("queue", queue).put("paused", paused));
  }

  private void known(String queue) {
    JobAnswers.requireJobs(catalog);
    if (catalog.queue(queue).isEmpty()) {
      throw JobAnswers.problem(ProblemType.UNKNOWN_QUEUE);
    }
  }

  @Get("/queues/dead-letters")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "listDeadLetters",
      summary = "What has failed for good",
      description =
          "By how it failed, the most frequent first; errors that differ in numbers and names alone count as alike.")
  @ApiResponse(
      responseCode = "200",
      description = "Groups of jobs that failed alike.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.DeadLetters.class)))
  MutableHttpResponse<?> deadLetters(
      HttpRequest<?> request,
      @Parameter(description = "Of this queue.") @QueryValue("queue") @Nullable String queue) {
    JobAnswers.requireJobs(catalog);
    JobAnswers.onlyQuery(request, List.of("queue"));
    Optional<String> of = JobAnswers.query(request, "queue");
    of.ifPresent(this::known);
    ObjectNode answer = JobJson.object();
    ArrayNode groups = answer.putArray("groups");
    for (JobBoard.Group group : desk.board().groups(of)) {
      ObjectNode one = groups.addObject();
      one.put("fingerprint", group.fingerprint().text());
      one.put("queue", group.queue());
      one.put("type", group.type());
      one.put("count", group.count());
      one.put("last_job", group.sample().id());
      group
          .sample()
          .failures()
          .forEach(failure -> one.put("reason", failure.reason()).put("error", failure.error()));
    }
    return JobAnswers.ok(answer);
  }

  @Post("/sync/jobs/actions")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "actOnJobs",
      summary = "Cancel, retry or reschedule many jobs",
      description =
          "Those of a filter, at most 10,000 at a time; 'rate' spreads retries over time, so many a second. With 'dry_run' it only says how many that are, and some of them.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Action.class)))
  @ApiResponse(
      responseCode = "200",
      description = "What a dry run found.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Acted.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Acted.class)))
  MutableHttpResponse<?> act(HttpRequest<?> request, @Body byte[] body) {
    JobAnswers.requireJobs(catalog);
    Instant now = clock.instant();
    ObjectNode wanted = json.object(body);
    JobFaults faults = new JobFaults();
    JobFields fields = new JobFields(wanted, "", faults);
    fields.only(List.of("action", "filter", "ids", "rate", "dry_run", "run_at", "delay"));
    String action = fields.text("action", 20).orElse("");
    if (!ACTIONS.contains(action)) {
      fields.fault("action", "'action' is one of " + String.join(", ", ACTIONS) + ".");
    }
    int rate = fields.number("rate", 1, MOST_A_SECOND).orElse(0);
    boolean dry = fields.flag("dry_run");
    Optional<Instant> due = fields.due(now);
    if (action.equals("reschedule") && due.isEmpty()) {
      fields.fault("run_at", "Say when: 'run_at' or 'delay'.");
    }
    if (fields.has("ids") == fields.has("filter")) {
      fields.fault("filter", "Give 'ids', or a 'filter'; {} means all that the action fits.");
    }
    List<String> ids = new ArrayList<>();
    JobBoard.Count count = chosen(fields, wanted, action, faults, ids);
    faults.refuse();
    ObjectNode answer = JobJson.object();
    answer.put("action", action).put("matched", count.jobs()).put("complete", count.all());
    ArrayNode sample = answer.putArray("sample");
    ids.stream().limit(SAMPLE).forEach(sample::add);
    if (dry) {
      return JobAnswers.ok(answer.put("dry_run", true));
    }
    List<JobCommand> commands = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Instant at = due.orElse(now);
      Instant spread = rate == 0 ? at : at.plusMillis(i * 1_000L / rate);
      commands.add(command(action, ids.get(i), spread));
    }
    desk.say(commands);
    LOG.info("{}: {} of {} jobs", JobAnswers.by(request), action, commands.size());
    answer.put("asked", commands.size());
    return JobAnswers.json(HttpStatus.ACCEPTED, answer);
  }

  private JobBoard.Count chosen(
      JobFields fields, ObjectNode wanted, String action, JobFaults faults, List<String> ids) {
    if (fields.has("ids")) {
      JsonNode given = wanted.path("ids");
      if (!given.isArray() || given.isEmpty() || given.size() > MOST_AT_ONCE) {
        fields.fault("ids", "'ids' is a list of 1 to 10,000 ids of jobs.");
        return new JobBoard.Count(0, true);
      }
      for (int i = 0; i < given.size(); i++) {
        String id = given.get(i).asText();
        if (Place.ofId(id).isEmpty()) {
          faults.add("/ids/" + i, "No job has such an id.");
        }
        ids.add(id);
      }
      return new JobBoard.Count(ids.size(), true);
    }
    Optional<ObjectNode> given = fields.object("filter");
    if (given.isEmpty() || !faults.isEmpty()) {
      return new JobBoard.Count(0, true);
    }
    JobFields of = new JobFields(given.get(), "/filter", faults);
    of.only(Filters.NAMES);
    JobFilter filter =
        Filters.read(name -> of.text(name, JobFields.LONGEST_KEY), catalog, of::fault);
    Set<Phase> fit =
        switch (action) {
          case "retry" -> of.has("status") ? ENDED : Set.of(Phase.FAILED);
          case "reschedule" -> WAITING;
          default -> Set.of(Phase.SCHEDULED, Phase.RETRYING, Phase.READY, Phase.RUNNING);
        };
    Set<Phase> phases = new HashSet<>(filter.phases());
    phases.retainAll(fit);
    return faults.isEmpty()
        ? desk.board().count(filter.in(phases), MOST_AT_ONCE, ids)
        : new JobBoard.Count(0, true);
  }

  private static JobCommand command(String action, String id, Instant due) {
    return switch (action) {
      case "retry" -> new JobCommand.Retry(id, due);
      case "reschedule" -> new JobCommand.Reschedule(id, due);
      default -> new JobCommand.Cancel(id);
    };
  }
}
