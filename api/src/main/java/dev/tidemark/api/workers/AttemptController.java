package dev.tidemark.api.workers;

import dev.tidemark.api.jobs.JobAnswers;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What workers of any language say of the attempts that they make. */
@Controller("/api/workers/{name}/jobs/{id}")
@Tag(name = "workers")
@SecurityRequirement(name = "bearer")
@Secured({Role.IS_WORKER, Role.IS_OPERATOR, Role.IS_ADMIN})
class AttemptController {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptController.class);
  private static final String NAME = "The worker.";
  private static final String ID = "The job.";

  private final Attempts attempts;
  private final JobCatalog catalog;
  private final RequestJson json;

  AttemptController(Attempts attempts, Catalog catalog, RequestJson json) {
    this.attempts = attempts;
    this.catalog = catalog.jobs();
    this.json = json;
  }

  @Post("/complete")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "completeAttempt",
      summary = "An attempt has done its job",
      description =
          "Answers when it is known to count. 409 if it does not: the attempt is over, or another's. Said again it is answered alike.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Complete.class)))
  @ApiResponse(
      responseCode = "200",
      description = "The job is done.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Heard.class)))
  MutableHttpResponse<?> complete(
      @Parameter(description = NAME) String name,
      @Parameter(description = ID) String id,
      @Body byte[] body) {
    Reading reading = read(name, body, "result");
    int attempt = reading.attempt();
    Optional<String> result = reading.result();
    reading.refuse();
    JobState job =
        attempts.end(
            new JobCommand.Succeeded(id, attempt, name, result),
            now -> Standing.isDone(now, attempt, result));
    LOG.info("The worker {} has done the job {}", name, id);
    return JobAnswers.ok(WorkerJson.heard(job));
  }

  @Post("/fail")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "failAttempt",
      summary = "An attempt has failed",
      description =
          "The job is tried again as its type says, unless 'final' is true. 409 if it does not count. Said again it is answered alike.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Fail.class)))
  @ApiResponse(
      responseCode = "200",
      description = "The attempt has failed.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Heard.class)))
  MutableHttpResponse<?> fail(
      @Parameter(description = NAME) String name,
      @Parameter(description = ID) String id,
      @Body byte[] body) {
    Reading reading = read(name, body, "error", "final");
    int attempt = reading.attempt();
    String error = reading.error();
    boolean isFinal = reading.isFinal();
    reading.refuse();
    JobState job =
        attempts.end(
            new JobCommand.Failed(id, attempt, name, error, isFinal),
            now -> Standing.isFailed(now, attempt, name));
    LOG.info("Attempt {} of the worker {} at the job {} failed", attempt, name, id);
    return JobAnswers.ok(WorkerJson.heard(job));
  }

  @Post("/hand-back")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "handBackAttempt",
      summary = "An attempt is not made",
      description =
          "The job is given to somebody else, and has as many attempts left as before. 409 if it is over already.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.HandBack.class)))
  @ApiResponse(
      responseCode = "200",
      description = "The attempt is over.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Heard.class)))
  MutableHttpResponse<?> handBack(
      @Parameter(description = NAME) String name,
      @Parameter(description = ID) String id,
      @Body byte[] body) {
    Reading reading = read(name, body);
    int attempt = reading.attempt();
    reading.refuse();
    JobState job =
        attempts.end(
            new JobCommand.HandedBack(id, attempt, name),
            now -> Standing.isGivenBack(now, attempt));
    LOG.info("The worker {} gives the job {} back", name, id);
    return JobAnswers.ok(WorkerJson.heard(job));
  }

  @Post("/progress")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "progressAttempt",
      summary = "How far an attempt is",
      description = "409 if the attempt is over: stop it.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Progress.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It is on its way.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Heard.class)))
  MutableHttpResponse<?> progress(
      @Parameter(description = NAME) String name,
      @Parameter(description = ID) String id,
      @Body byte[] body) {
    Reading reading = read(name, body, "percent", "text");
    int attempt = reading.attempt();
    int percent = reading.percent();
    String text = reading.words();
    reading.refuse();
    return heard(attempts.say(new JobCommand.Progressed(id, attempt, name, percent, text)));
  }

  @Post("/save")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "saveAttempt",
      summary = "How the next attempt could go on",
      description =
          "Kept until the job is done, and given to the next attempt as 'saved'. 409 if the attempt is over: stop it.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Save.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It is on its way.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Heard.class)))
  MutableHttpResponse<?> save(
      @Parameter(description = NAME) String name,
      @Parameter(description = ID) String id,
      @Body byte[] body) {
    Reading reading = read(name, body, "state");
    int attempt = reading.attempt();
    String state = reading.state();
    reading.refuse();
    return heard(attempts.say(new JobCommand.Saved(id, attempt, name, state)));
  }

  @Post("/log")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "logAttempt",
      summary = "Lines that an attempt writes down",
      description =
          "1 to 100 at a time, each cut after 2,000 characters. 409 if the attempt is over: stop it.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Log.class)))
  @ApiResponse(
      responseCode = "202",
      description = "They are on their way.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Heard.class)))
  MutableHttpResponse<?> log(
      @Parameter(description = NAME) String name,
      @Parameter(description = ID) String id,
      @Body byte[] body) {
    Reading reading = read(name, body, "lines");
    int attempt = reading.attempt();
    List<String> lines = reading.lines();
    reading.refuse();
    return heard(attempts.log(new JobCommand.HandedBack(id, attempt, name), lines));
  }

  private static MutableHttpResponse<?> heard(JobState job) {
    return JobAnswers.json(HttpStatus.ACCEPTED, WorkerJson.heard(job));
  }

  private Reading read(String name, byte[] body, String... fields) {
    JobAnswers.requireJobs(catalog);
    WorkersController.requireName(name);
    List<String> names = new ArrayList<>(List.of(fields));
    names.add("attempt");
    return new Reading(json.object(body), names);
  }
}
