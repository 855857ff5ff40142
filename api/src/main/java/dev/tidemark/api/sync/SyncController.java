package dev.tidemark.api.sync;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.Prefer;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Batches of operations, and how a device stands. */
@Controller("/api/sync")
@Tag(name = "sync")
@SecurityRequirement(name = "bearer")
class SyncController {
  private final BatchReader reader;
  private final Batches batches;
  private final Ledger ledger;
  private final SyncSettings settings;

  SyncController(BatchReader reader, Batches batches, Ledger ledger, SyncSettings settings) {
    this.reader = reader;
    this.batches = batches;
    this.ledger = ledger;
    this.settings = settings;
  }

  @Post
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured(Role.IS_DEVICE)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "postBatch",
      summary = "Operations that a device did while it was away",
      description =
          "Each operation gets an outcome of its own; one that is wrong does not stop the others."
              + " Sending a batch again is safe: what is through is answered as it was. 200 if all"
              + " is through, 202 with a Location if the wait ran out.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.Batch.class)))
  @ApiResponse(
      responseCode = "200",
      description = "All operations are through.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.BatchAnswer.class)))
  @ApiResponse(
      responseCode = "202",
      description = "Some are on their way; Location says where the rest of the answer will be.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.BatchAnswer.class)))
  MutableHttpResponse<?> post(
      HttpRequest<?> request,
      @Body byte[] body,
      @Parameter(description = "The device, if the body does not name it.") @Header("X-Device-ID")
          @Nullable String device,
      @Parameter(description = "'wait=N': how many seconds to wait for outcomes, 0 to 30.")
          @Header(Prefer.HEADER)
          @Nullable String prefer) {
    Optional<Duration> wait = Prefer.wait(prefer == null ? List.of() : List.of(prefer));
    Visit visit = Visit.of(request, wait.orElse(settings.patience()));
    BatchRequest batch = reader.read(body, visit.caller(), Optional.ofNullable(device));
    MutableHttpResponse<?> response = SyncAnswers.batch(batches.accept(batch, visit));
    wait.ifPresent(time -> response.header(Prefer.APPLIED, "wait=" + time.toSeconds()));
    return response;
  }

  @Get("/batches/{id}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getBatch",
      summary = "What became of a batch",
      description = "The same answer as to the batch itself, as far as it is known by now.")
  @ApiResponse(
      responseCode = "200",
      description = "What is known; 'settled' says whether that is all.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.BatchAnswer.class)))
  MutableHttpResponse<?> batch(
      HttpRequest<?> request,
      @Parameter(description = "The batch, as the device calls it.") String id,
      @Parameter(description = "Whose batch; for operators.") @QueryValue("device")
          @Nullable String device) {
    Visit visit = Visit.of(request, Duration.ZERO);
    Optional<String> own =
        visit.caller().operates()
            ? Optional.of(Settlements.actor(visit.caller()))
            : visit.caller().device();
    Optional<String> whose =
        device == null || visit.caller().operates()
            ? Optional.ofNullable(device).or(() -> own)
            : own.filter(device::equals);
    return whose
        .filter(one -> StorableJson.isText(one) && StorableJson.isText(id))
        .flatMap(one -> batches.find(one, id, visit))
        .<MutableHttpResponse<?>>map(answer -> SyncAnswers.json(HttpStatus.OK, answer.json()))
        .orElseGet(() -> SyncAnswers.problem(request, Problem.of(ProblemType.UNKNOWN_BATCH)));
  }

  @Get("/status/{device}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getDeviceStatus",
      summary = "How a device stands",
      description =
          "How many of its operations ended how, what is on its way, what is missing and what waits"
              + " for a person. A device sees its own; operators see any.")
  @ApiResponse(
      responseCode = "200",
      description = "How it stands.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.Status.class)))
  MutableHttpResponse<?> status(
      HttpRequest<?> request, @Parameter(description = "The device.") String device) {
    Caller caller = Caller.of(request).orElseThrow();
    boolean own = caller.device().filter(device::equals).isPresent();
    if ((own || caller.seesEverything()) && StorableJson.isText(device)) {
      DeviceStatus status = ledger.status(device);
      if (own || !status.isUnknown()) {
        return SyncAnswers.json(HttpStatus.OK, StatusJson.of(device, status));
      }
    }
    return SyncAnswers.problem(request, Problem.of(ProblemType.UNKNOWN_DEVICE));
  }
}
