package dev.tidemark.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.Prefer;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.Place;
import dev.tidemark.pipeline.board.JobBoard;
import dev.tidemark.pipeline.board.core.JobFilter;
import dev.tidemark.pipeline.board.core.Phase;
import dev.tidemark.pipeline.board.core.Why;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs: what is wanted of them, and what has become of them. */
@Controller("/api/sync")
@Tag(name = "jobs")
@SecurityRequirement(name = "bearer")
class JobsController {
  private static final Logger LOG = LoggerFactory.getLogger(JobsController.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_AT_ONCE = 10_000;
  private static final int MOST_LISTED = 500;
  private static final int MOST_LINES = 1_000;
  private static final List<String> WHEN = List.of("run_at", "delay");
  private static final List<String> LIST =
      List.of("status", "queue", "type", "key", "fingerprint", "created_before", "limit", "cursor");

  private final JobDesk desk;
  private final JobCatalog catalog;
  private final Submissions submissions;
  private final RequestJson json;
  private final InstantSource clock;

  JobsController(
      JobDesk desk,
      Catalog catalog,
      Submissions submissions,
      RequestJson json,
      InstantSource clock) {
    this.desk = desk;
    this.catalog = catalog.jobs();
    this.submissions = submissions;
    this.json = json;
    this.clock = clock;
  }

  @Post("/jobs")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "postJob",
      summary = "A job that is to be done",
      description =
          "By 'type' with its 'input', or by 'sync_type' with 'integration_id' and 'options'. 'run_at' or 'delay' make it later; 'unique_key' makes another with the same key the same, which is 409. 201 when it is known, 202 if that takes longer than the wait.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.NewJob.class)))
  @ApiResponse(
      responseCode = "201",
      description = "It is known to all nodes.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It is on its way.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Accepted.class)))
  MutableHttpResponse<?> post(
      HttpRequest<?> request,
      @Body byte[] body,
      @Parameter(description = "'wait=N': how many seconds to wait until it is known, 0 to 30.")
          @Header(Prefer.HEADER)
          @Nullable String prefer) {
    JobAnswers.requireJobs(catalog);
    return submit(request, json.object(body), prefer);
  }

  @Post("/quick")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "postQuick",
      summary = "A sync at once",
      description = "The same as a job of priority 9; all integrations if none is named.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Quick.class)))
  @ApiResponse(
      responseCode = "201",
      description = "It is known to all nodes.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It is on its way.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Accepted.class)))
  MutableHttpResponse<?> quick(
      HttpRequest<?> request,
      @Body byte[] body,
      @Parameter(description = "'wait=N': how many seconds to wait until it is known, 0 to 30.")
          @Header(Prefer.HEADER)
          @Nullable String prefer) {
    JobAnswers.requireJobs(catalog);
    ObjectNode wanted = json.object(body);
    JobFaults faults = new JobFaults();
    new JobFields(wanted, "", faults).only(List.of("integration_id", "sync_type", "options"));
    faults.refuse();
    if (!wanted.hasNonNull("sync_type")) {
      wanted.put("sync_type", wanted.hasNonNull("integration_id") ? "products" : "all");
    }
    wanted.put("priority", Submissions.URGENT);
    return submit(request, wanted, prefer);
  }

  private MutableHttpResponse<?> submit(
      HttpRequest<?> request, ObjectNode wanted, @Nullable String prefer) {
    JobBoard board = desk.board();
    JobFaults faults = new JobFaults();
    Optional<JobCommand.Submit> read =
        submissions.read(wanted, "", false, JobAnswers.by(request), clock.instant(), faults);
    faults.refuse();
    JobCommand.Submit submit = read.orElseThrow();
    desk.say(List.of(submit));
    LOG.info(
        "{} wants the job {} of {}", submit.request().by(), submit.id(), submit.request().type());
    Optional<JobState> known = await(board, submit.id(), _ -> true, prefer);
    if (known.isEmpty()) {
      ObjectNode accepted = JobJson.object().put("id", submit.id()).put("status", "QUEUED");
      return JobAnswers.json(HttpStatus.ACCEPTED, accepted)
          .header(HttpHeaders.LOCATION, JobAnswers.PATH + submit.id());
    }
    JobState job = known.get();
    if (job.status() == JobState.Status.REFUSED) {
      throw new ProblemException(
          Problem.of(ProblemType.SAME_JOB).with("job", job.sameAs().orElse("")));
    }
    return JobAnswers.json(HttpStatus.CREATED, JobJson.whole(job))
        .header(HttpHeaders.LOCATION, JobAnswers.PATH + job.id());
  }

  @Post("/jobs/bulk")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "postJobs",
      summary = "Many jobs at once",
      description =
          "Up to 10,000. If one of them is wrong none is taken. They wait where the catalog routes those that come many at a time. Answered when the brokers have them all.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.NewJobs.class)))
  @ApiResponse(
      responseCode = "202",
      description = "They are on their way.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.AcceptedAll.class)))
  MutableHttpResponse<?> bulk(HttpRequest<?> request, @Body byte[] body) {
    JobAnswers.requireJobs(catalog);
    ObjectNode wanted = json.object(body);
    JobFaults faults = new JobFaults();
    new JobFields(wanted, "", faults).only(List.of("jobs"));
    JsonNode all = wanted.path("jobs");
    if (!all.isArray() || all.isEmpty() || all.size() > MOST_AT_ONCE) {
      faults.add("/jobs", "'jobs' is a list of 1 to 10,000 jobs.");
    }
    faults.refuse();
    String by = JobAnswers.by(request);
    Instant now = clock.instant();
    List<JobCommand.Submit> submits = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      String at = "/jobs/" + i;
      if (all.get(i) instanceof ObjectNode one) {
        JobFaults its = new JobFaults();
        submissions.read(one, at, true, by, now, its).ifPresent(submits::add);
        faults.addAll(its);
      } else {
        faults.add(at, "A job is an object.");
      }
    }
    faults.refuse();
    desk.say(submits);
    LOG.info("{} wants {} jobs", by, submits.size());
    ObjectNode accepted = JobJson.object().put("accepted", submits.size());
    ArrayNode ids = accepted.putArray("ids");
    submits.forEach(submit -> ids.add(submit.id()));
    return JobAnswers.json(HttpStatus.ACCEPTED, accepted);
  }

  @Get("/jobs")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "listJobs",
      summary = "Jobs",
      description = "Those that were asked for last first.")
  @ApiResponse(
      responseCode = "200",
      description = "A part of the list; next_cursor says where it goes on.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.JobList.class)))
  MutableHttpResponse<?> list(
      HttpRequest<?> request,
      @Parameter(
              description =
                  "QUEUED, RUNNING, COMPLETED, FAILED, CANCELLED; or scheduled, retrying, ready, refused. Several with commas.")
          @QueryValue("status")
          @Nullable String status,
      @Parameter(description = "Of this queue.") @QueryValue("queue") @Nullable String queue,
      @Parameter(description = "Of this job type.") @QueryValue("type") @Nullable String type,
      @Parameter(description = "With this key.") @QueryValue("key") @Nullable String key,
      @Parameter(description = "That failed like this.") @QueryValue("fingerprint")
          @Nullable String fingerprint,
      @Parameter(description = "That were asked for before.") @QueryValue("created_before")
          @Nullable String before,
      @Parameter(description = "How many at most, 1 to 500; 50 if it is not given.")
          @QueryValue("limit")
          @Nullable String limit,
      @Parameter(description = "Where the list goes on.") @QueryValue("cursor")
          @Nullable String cursor) {
    JobAnswers.requireJobs(catalog);
    JobAnswers.onlyQuery(request, LIST);
    JobFilter filter =
        Filters.read(
            name -> JobAnswers.query(request, name),
            catalog,
            (name, detail) -> {
              throw new ProblemException(Problem.invalid("/query/" + name, detail));
            });
    int most = JobAnswers.number(request, "limit", 1, MOST_LISTED, 50);
    Optional<JobBoard.Mark> from =
        JobAnswers.query(request, "cursor")
            .map(
                text ->
                    Filters.mark(text)
                        .orElseThrow(
                            () ->
                                new ProblemException(
                                    Problem.invalid(
                                        "/query/cursor", "No list told this cursor."))));
    JobBoard.Page page = desk.board().list(filter, most, from);
    ObjectNode answer = JobJson.object();
    ArrayNode jobs = answer.putArray("jobs");
    page.jobs().forEach(job -> jobs.add(JobJson.brief(job)));
    answer.put("next_cursor", page.next().map(Filters::cursor).orElse(null));
    return JobAnswers.ok(answer);
  }

  @Get("/jobs/{id}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getJob",
      summary = "What has become of a job",
      description = "With its attempts, its progress, its result and when what happened.")
  @ApiResponse(
      responseCode = "200",
      description = "The job.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  MutableHttpResponse<?> get(@Parameter(description = "The job.") String id) {
    return JobAnswers.ok(JobJson.whole(known(id)));
  }

  @Get("/jobs/{id}/log")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getJobLog",
      summary = "What the attempts of a job wrote down",
      description = "As long as the job is known. 'after' goes on behind a line.")
  @ApiResponse(
      responseCode = "200",
      description = "Lines.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Lines.class)))
  MutableHttpResponse<?> log(
      HttpRequest<?> request,
      @Parameter(description = "The job.") String id,
      @Parameter(description = "The number of the last line that is known.") @QueryValue("after")
          @Nullable String after,
      @Parameter(description = "How many at most, 1 to 1000; 200 if it is not given.")
          @QueryValue("limit")
          @Nullable String limit) {
    JobAnswers.onlyQuery(request, List.of("after", "limit"));
    JobState job = known(id);
    int behind = JobAnswers.number(request, "after", 0, Integer.MAX_VALUE, -1);
    int most = JobAnswers.number(request, "limit", 1, MOST_LINES, 200);
    ObjectNode answer = JobJson.object();
    ArrayNode lines = answer.putArray("lines");
    for (JobBoard.Line line : desk.board().lines(job.id(), behind, most)) {
      lines
          .addObject()
          .put("number", line.number())
          .put("at", line.log().at().toString())
          .put("attempt", line.log().attempt())
          .put("worker", line.log().worker())
          .put("line", line.log().line());
    }
    return JobAnswers.ok(answer);
  }

  @Get("/jobs/{id}/why")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "whyJob",
      summary = "Why a job does not run",
      description = "Everything that holds it, in words.")
  @ApiResponse(
      responseCode = "200",
      description = "The reasons.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.WhyAnswer.class)))
  MutableHttpResponse<?> why(@Parameter(description = "The job.") String id) {
    JobState job = known(id);
    ObjectNode answer = JobJson.object();
    answer.put("id", job.id());
    answer.put("status", JobJson.status(job));
    answer.put("phase", Phase.of(job).text());
    ArrayNode reasons = answer.putArray("reasons");
    for (Why.Reason reason : desk.board().why(job)) {
      reasons.addObject().put("code", reason.code().text()).put("text", reason.text());
    }
    return JobAnswers.ok(answer);
  }

  @Delete("/jobs/{id}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "cancelJob",
      summary = "Cancel a job",
      description =
          "One that waits is cancelled at once; the worker of one that runs is asked to stop, and it is cancelled when it has.")
  @ApiResponse(
      responseCode = "200",
      description = "The job as it is now.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  MutableHttpResponse<?> cancel(
      HttpRequest<?> request,
      @Parameter(description = "The job.") String id,
      @Parameter(description = "'wait=N': how many seconds to wait until it is, 0 to 30.")
          @Header(Prefer.HEADER)
          @Nullable String prefer) {
    JobState job = known(id);
    if (job.status().ended()) {
      throw JobAnswers.problem(
          ProblemType.JOB_NOT_IN_STATE, "It has ended: " + JobJson.status(job) + ".");
    }
    LOG.info("{} cancels the job {}", JobAnswers.by(request), id);
    return change(
        job, new JobCommand.Cancel(id), now -> now.status().ended() || now.cancelling(), prefer);
  }

  @Post("/jobs/{id}/retry")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "retryJob",
      summary = "Try a job again",
      description =
          "One that has ended; with as many attempts as at first. 'run_at' or 'delay' make it later.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.When.class)))
  @ApiResponse(
      responseCode = "200",
      description = "The job as it is now.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  MutableHttpResponse<?> retry(
      HttpRequest<?> request,
      @Parameter(description = "The job.") String id,
      @Body byte @Nullable [] body,
      @Parameter(description = "'wait=N': how many seconds to wait until it is, 0 to 30.")
          @Header(Prefer.HEADER)
          @Nullable String prefer) {
    JobState job = known(id);
    Instant due = when(body, false);
    if (!job.status().ended() || job.status() == JobState.Status.REFUSED) {
      throw JobAnswers.problem(
          ProblemType.JOB_NOT_IN_STATE,
          "It is not one that has ended: " + JobJson.status(job) + ".");
    }
    LOG.info("{} retries the job {}", JobAnswers.by(request), id);
    return change(
        job, new JobCommand.Retry(id, due), now -> !now.since().equals(job.since()), prefer);
  }

  @Post("/jobs/{id}/reschedule")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "rescheduleJob",
      summary = "Do a job at another time",
      description = "One that has not begun. By 'run_at' or 'delay'.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.When.class)))
  @ApiResponse(
      responseCode = "200",
      description = "The job as it is now.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It was asked for.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobBodies.Job.class)))
  MutableHttpResponse<?> reschedule(
      HttpRequest<?> request,
      @Parameter(description = "The job.") String id,
      @Body byte @Nullable [] body,
      @Parameter(description = "'wait=N': how many seconds to wait until it is, 0 to 30.")
          @Header(Prefer.HEADER)
          @Nullable String prefer) {
    JobState job = known(id);
    Instant due = when(body, true);
    if (job.status() != JobState.Status.SCHEDULED && job.status() != JobState.Status.READY) {
      throw JobAnswers.problem(
          ProblemType.JOB_NOT_IN_STATE, "It has begun: " + JobJson.status(job) + ".");
    }
    LOG.info("{} reschedules the job {} to {}", JobAnswers.by(request), id, due);
    return change(
        job,
        new JobCommand.Reschedule(id, due),
        now -> !now.due().equals(job.due()) || now.status() != job.status(),
        prefer);
  }

  private Instant when(byte @Nullable [] body, boolean required) {
    Instant now = clock.instant();
    JobFaults faults = new JobFaults();
    ObjectNode wanted = body == null || body.length == 0 ? JobJson.object() : json.object(body);
    JobFields fields = new JobFields(wanted, "", faults);
    fields.only(WHEN);
    Optional<Instant> due = fields.due(now);
    if (required && due.isEmpty() && faults.isEmpty()) {
      faults.add("/run_at", "Say when: 'run_at' or 'delay'.");
    }
    faults.refuse();
    return due.orElse(now);
  }

  private MutableHttpResponse<?> change(
      JobState before, JobCommand command, Predicate<JobState> wanted, @Nullable String prefer) {
    desk.say(List.of(command));
    Optional<JobState> after = await(desk.board(), before.id(), wanted, prefer);
    return JobAnswers.json(
        after.isPresent() ? HttpStatus.OK : HttpStatus.ACCEPTED,
        JobJson.whole(after.orElse(before)));
  }

  private JobState known(String id) {
    JobAnswers.requireJobs(catalog);
    return Place.ofId(id)
        .flatMap(_ -> desk.board().job(id))
        .orElseThrow(() -> JobAnswers.problem(ProblemType.UNKNOWN_JOB));
  }

  private static Optional<JobState> await(
      JobBoard board, String id, Predicate<JobState> wanted, @Nullable String prefer) {
    Duration wait = Prefer.wait(prefer == null ? List.of() : List.of(prefer)).orElse(PATIENCE);
    return JobWaits.job(board, id, wanted, wait);
  }
}
