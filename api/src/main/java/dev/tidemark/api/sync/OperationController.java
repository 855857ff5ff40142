package dev.tidemark.api.sync;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of one operation and why, and how it is taken back. */
@Controller("/api/sync/operations")
@Tag(name = "sync")
@SecurityRequirement(name = "bearer")
class OperationController {
  private final Settlements settlements;
  private final Ledger ledger;
  private final SyncSettings settings;

  OperationController(Settlements settlements, Ledger ledger, SyncSettings settings) {
    this.settlements = settlements;
    this.ledger = ledger;
    this.settings = settings;
  }

  @Get("/{id}")
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getOperation",
      summary = "What became of an operation, and why",
      description =
          "All that is written down of it; what the decision found of the row ('question') only for"
              + " those who see all rows. An operation of another device is answered as one that"
              + " does not exist.")
  @ApiResponse(
      responseCode = "200",
      description = "The whole decision, or with explain=text the same in words.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.OperationRecord.class)))
  MutableHttpResponse<?> operation(
      HttpRequest<?> request,
      @Parameter(description = "The operation's id.") String id,
      @Parameter(
              description = "'text' tells it in words.",
              schema = @Schema(allowableValues = "text"))
          @QueryValue("explain")
          @Nullable String explain) {
    if (explain != null && !explain.equals("text")) {
      throw new ProblemException(
          Problem.invalid("/query/explain", "'explain' can be 'text' and nothing else."));
    }
    Caller caller = Caller.of(request).orElseThrow();
    LedgerEntry entry = settlements.entry(id, caller);
    if (explain != null) {
      return HttpResponse.ok(DecisionWords.of(entry, caller.seesEverything()))
          .contentType(MediaType.TEXT_PLAIN_TYPE)
          .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
    return SyncAnswers.json(
        HttpStatus.OK,
        OperationRecord.of(
            entry, caller.seesEverything(), ledger.resolutionOf(id), ledger.reversalOf(id)));
  }

  @Post("/{id}/undo")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "undoOperation",
      summary = "Take an operation back",
      description =
          "Makes a new operation that gives whoever lost by the old one what he had. It is linked to"
              + " the old one and answered like a batch of one.")
  @ApiResponse(
      responseCode = "200",
      description = "It is through.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.BatchAnswer.class)))
  @ApiResponse(responseCode = "202", description = "It is on its way; see Location.")
  MutableHttpResponse<?> undo(
      HttpRequest<?> request,
      @Parameter(description = "The operation's id.") String id,
      @Parameter(description = "The caller's own name for this; else one is made.")
          @Header("Idempotency-Key")
          @Nullable String key) {
    Visit visit = Visit.of(request, settings.patience());
    return SyncAnswers.batch(settlements.undo(id, Optional.ofNullable(key), visit));
  }
}
