package dev.tidemark.api.pull;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.request.Prefer;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.contract.catalog.Catalog;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
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
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The changes that a device may see. */
@Controller("/api/sync/changes")
@Secured(Role.IS_DEVICE)
@Tag(name = "changes")
@SecurityRequirement(name = "bearer")
class ChangesController {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Catalog catalog;
  private final Changes changes;

  ChangesController(Catalog catalog, Changes changes) {
    this.catalog = catalog;
    this.changes = changes;
  }

  @Get
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getChanges",
      summary = "What has happened since, in the scopes of the token",
      description =
          "In the order of commits; of a row only what happened to it last. Without a cursor: all"
              + " rows. When has_more is false the caller holds what the database held at one"
              + " moment. Rows of a scope that the token did not have before come, rows of one that"
              + " it has no more go. 410 if the cursor is too old: start without one.")
  @ApiResponse(
      responseCode = "200",
      description = "A page.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = PullBodies.Changes.class)))
  MutableHttpResponse<?> changes(
      HttpRequest<?> request,
      @Parameter(description = "Where the last page ended; absent for a first sync.")
          @QueryValue("cursor")
          @Nullable String cursor,
      @Parameter(
              description = "How many changes, about: 1 to 5000, 500 by default.",
              schema = @Schema(type = "integer", minimum = "1", maximum = "5000"))
          @QueryValue("limit")
          @Nullable String limit,
      @Parameter(description = "Entity types, with commas between; all if absent.")
          @QueryValue("types")
          @Nullable String types,
      @Parameter(
              description =
                  "The version of an outcome that the caller has seen: the answer comes when what"
                      + " was committed by then is in it.")
          @QueryValue("min_version")
          @Nullable String minVersion,
      @Parameter(description = "'wait=N': how many seconds to wait for min_version, 0 to 30.")
          @Header(Prefer.HEADER)
          @Nullable String prefer) {
    Caller caller = Caller.of(request).orElseThrow();
    Duration patience = Prefer.wait(prefer == null ? List.of() : List.of(prefer)).orElse(PATIENCE);
    PullQuestion question = PullQuestion.of(catalog, cursor, limit, types, minVersion, patience);
    PullAnswer answer = changes.pull(question, caller);
    return HttpResponse.ok(ChangesJson.page(answer, caller))
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store");
  }
}
