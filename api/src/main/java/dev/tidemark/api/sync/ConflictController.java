package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.sync.ConflictType;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Conflicts that were left to a person. */
@Controller("/api/sync/conflicts")
@Tag(name = "sync")
@SecurityRequirement(name = "bearer")
class ConflictController {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;
  private static final Set<String> STATUSES = Set.of("open", "resolved", "all");

  private final RequestJson json;
  private final Settlements settlements;
  private final Ledger ledger;
  private final SyncSettings settings;

  ConflictController(
      RequestJson json, Settlements settlements, Ledger ledger, SyncSettings settings) {
    this.json = json;
    this.settlements = settlements;
    this.ledger = ledger;
    this.settings = settings;
  }

  @Get
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "listConflicts",
      summary = "Conflicts that were left to a person",
      description = "Oldest first, a page at a time. A device sees its own.")
  @ApiResponse(
      responseCode = "200",
      description = "A page.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.Conflicts.class)))
  MutableHttpResponse<?> conflicts(
      HttpRequest<?> request,
      @Parameter(
              description = "'open' (default), 'resolved' or 'all'.",
              schema = @Schema(allowableValues = {"open", "resolved", "all"}))
          @QueryValue("status")
          @Nullable String status,
      @Parameter(description = "Only those of this device.") @QueryValue("device")
          @Nullable String device,
      @Parameter(description = "Only those of this kind, such as update_update.")
          @QueryValue("type")
          @Nullable String type,
      @Parameter(description = "How many at most: 1 to 200, 50 by default.") @QueryValue("limit")
          @Nullable Integer limit,
      @Parameter(description = "'next_cursor' of the page before.") @QueryValue("cursor")
          @Nullable String cursor) {
    Caller caller = Caller.of(request).orElseThrow();
    Optional<String> asked = Optional.ofNullable(device);
    Optional<String> whose = caller.seesEverything() ? asked : caller.device();
    boolean visible =
        asked.filter(one -> !StorableJson.isText(one)).isEmpty()
            && (caller.seesEverything()
                || (whose.isPresent() && asked.or(() -> whose).equals(whose)));
    ConflictFilter filter = filter(status, whose, type, limit, cursor);
    List<ConflictEntry> found = visible ? ledger.conflicts(filter) : List.of();
    return SyncAnswers.json(HttpStatus.OK, page(found, filter.limit()));
  }

  @Post("/{id}/resolve")
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ADMIN})
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "resolveConflict",
      summary = "Settle a conflict",
      description =
          "Makes a new operation that is linked to the conflict: what the device wanted (client),"
              + " what is there (server), or the given values (merge). Answered like a batch of one.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.Resolution.class)))
  @ApiResponse(
      responseCode = "200",
      description = "It is through.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = SyncBodies.BatchAnswer.class)))
  @ApiResponse(responseCode = "202", description = "It is on its way; see Location.")
  MutableHttpResponse<?> resolve(
      HttpRequest<?> request,
      @Parameter(description = "The conflict's id.") String id,
      @Body byte[] body,
      @Parameter(description = "The caller's own name for this; else one is made.")
          @Header("Idempotency-Key")
          @Nullable String key) {
    Visit visit = Visit.of(request, settings.patience());
    return SyncAnswers.batch(
        settlements.resolve(id, json.object(body), Optional.ofNullable(key), visit));
  }

  private static ConflictFilter filter(
      @Nullable String status,
      Optional<String> device,
      @Nullable String type,
      @Nullable Integer limit,
      @Nullable String cursor) {
    String wanted = status == null ? "open" : status;
    if (!STATUSES.contains(wanted)) {
      throw invalid("/query/status", "'status' is one of open, resolved, all.");
    }
    if (type != null
        && Arrays.stream(ConflictType.values()).noneMatch(known -> known.text().equals(type))) {
      throw invalid("/query/type", "'type' is a kind of conflict, such as update_update.");
    }
    int most = limit == null ? PAGE : limit;
    if (most < 1 || most > LARGEST_PAGE) {
      throw invalid("/query/limit", "'limit' is within 1 to " + LARGEST_PAGE + ".");
    }
    Optional<ConflictCursor> after = Optional.ofNullable(cursor).flatMap(ConflictCursor::parse);
    if (cursor != null && after.isEmpty()) {
      throw invalid("/query/cursor", "'cursor' is 'next_cursor' of a page, as it was.");
    }
    return new ConflictFilter(
        !wanted.equals("resolved"),
        !wanted.equals("open"),
        device,
        Optional.ofNullable(type),
        most,
        after);
  }

  private static ObjectNode page(List<ConflictEntry> found, int limit) {
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    ArrayNode conflicts = page.putArray("conflicts");
    for (ConflictEntry conflict : found) {
      LedgerEntry entry = conflict.entry();
      ObjectNode json = AnswerJson.conflict(entry.submission().index(), entry.outcome());
      json.put("device_id", entry.submission().operation().device());
      json.put("batch_id", entry.submission().batch());
      json.put("status", conflict.resolution().isPresent() ? "resolved" : "open");
      json.put("resolved_by", conflict.resolution().orElse(null));
      conflicts.add(json);
    }
    if (found.size() < limit) {
      page.putNull("next_cursor");
    } else {
      LedgerEntry last = found.getLast().entry();
      page.put(
          "next_cursor",
          new ConflictCursor(last.written(), UUID.fromString(last.submission().operation().id()))
              .text());
    }
    return page;
  }

  private static ProblemException invalid(String pointer, String detail) {
    return new ProblemException(Problem.invalid(pointer, detail));
  }
}
