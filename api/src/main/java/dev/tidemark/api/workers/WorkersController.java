package dev.tidemark.api.workers;

import dev.tidemark.api.jobs.JobAnswers;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.Prefer;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.JobCatalog;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Header;
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
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers of any language: they come, claim, say that they are there, and go. */
@Controller("/api/workers")
@Tag(name = "workers")
@SecurityRequirement(name = "bearer")
@Secured({Role.IS_WORKER, Role.IS_OPERATOR, Role.IS_ADMIN})
class WorkersController {
  private static final Logger LOG = LoggerFactory.getLogger(WorkersController.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** An order takes as long; whoever waits less is never given any. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  private static final List<String> NEW = List.of("types", "slots", "lease_seconds");
  private static final List<String> SHIFT = List.of("types", "slots", "lease_seconds", "running");

  private final Claims claims;
  private final JobCatalog catalog;
  private final RequestJson json;

  WorkersController(Claims claims, Catalog catalog, RequestJson json) {
    this.claims = claims;
    this.catalog = catalog.jobs();
    this.json = json;
  }

  @Post
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "postWorker",
      summary = "A worker that comes",
      description =
          "Gives it a name that nobody had before. It counts as there from its first claim on.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.NewWorker.class)))
  @ApiResponse(
      responseCode = "201",
      description = "The worker.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Worker.class)))
  MutableHttpResponse<?> come(HttpRequest<?> request, @Body byte[] body) {
    JobAnswers.requireJobs(catalog);
    String name = Orders.PREFIX + UUID.randomUUID();
    Shift shift = new Reading(json.object(body), NEW).shift(name, catalog);
    LOG.info("{} comes as the worker {} of {}", JobAnswers.by(request), name, shift.types());
    return JobAnswers.json(HttpStatus.CREATED, WorkerJson.worker(shift));
  }

  @Post("/{name}/claim")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "claimJobs",
      summary = "Wait for something to do",
      description =
          "Says that the worker is there, and answers as soon as it has something to begin or to end, or when the wait is over. Everything that a worker is goes into each claim, so any node answers it. An attempt that is begun comes again with each claim until 'running' shows it.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Shift.class)))
  @ApiResponse(
      responseCode = "200",
      description = "What it is to begin and to end; both empty if there is nothing.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Orders.class)))
  MutableHttpResponse<?> claim(
      @Parameter(description = "The worker.") String name,
      @Body byte[] body,
      @Parameter(
              description = "'wait=N': how many seconds to wait, 1 to 30; 20 if it is not given.")
          @Header(Prefer.HEADER)
          @Nullable String prefer) {
    Shift shift = shift(name, body);
    Duration wait = Prefer.wait(prefer == null ? List.of() : List.of(prefer)).orElse(PATIENCE);
    Claims.Answer answer =
        claims.claim(shift, wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
    if (!answer.begin().isEmpty()) {
      LOG.info(
          "The worker {} is given {}", name, answer.begin().stream().map(one -> one.id()).toList());
    }
    return JobAnswers.ok(WorkerJson.orders(answer));
  }

  @Post("/{name}/heartbeat")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "postHeartbeat",
      summary = "Say that a worker is there",
      description = "For one that has no slot free: it is given nothing until it claims again.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Shift.class)))
  @ApiResponse(
      responseCode = "200",
      description = "What it is to end.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = WorkerBodies.Ends.class)))
  MutableHttpResponse<?> heartbeat(
      @Parameter(description = "The worker.") String name, @Body byte[] body) {
    return JobAnswers.ok(WorkerJson.ends(claims.heartbeat(shift(name, body))));
  }

  @Delete("/{name}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "deleteWorker",
      summary = "A worker that goes",
      description = "Attempts that it still makes count as lost; hand them back before.")
  @ApiResponse(responseCode = "204", description = "It is gone.")
  MutableHttpResponse<?> leave(
      HttpRequest<?> request, @Parameter(description = "The worker.") String name) {
    JobAnswers.requireJobs(catalog);
    requireName(name);
    claims.leave(name);
    LOG.info("{} takes the worker {} away", JobAnswers.by(request), name);
    return HttpResponse.noContent();
  }

  private Shift shift(String name, byte[] body) {
    JobAnswers.requireJobs(catalog);
    requireName(name);
    return new Reading(json.object(body), SHIFT).shift(name, catalog);
  }

  /** No worker of another kind can be spoken for. */
  static void requireName(String name) {
    if (!Orders.isName(name)) {
      throw JobAnswers.problem(ProblemType.UNKNOWN_WORKER);
    }
  }
}
