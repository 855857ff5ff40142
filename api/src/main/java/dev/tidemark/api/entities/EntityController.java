package dev.tidemark.api.entities;

import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemResponses;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.Hop;
import dev.tidemark.api.request.IfNoneMatch;
import dev.tidemark.api.request.RequestScope;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.pipeline.entities.core.EntityState;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an entity is now. */
@Controller("/api/entities")
@Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
@Tag(name = "entities")
@SecurityRequirement(name = "bearer")
class EntityController {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Catalog catalog;
  private final EntityQuery query;

  EntityController(Catalog catalog, EntityQuery query) {
    this.catalog = catalog;
    this.query = query;
  }

  @Get("/{type}/{id}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getEntity",
      summary = "An entity as it is now",
      description =
          "The latest committed state that has come through the change stream. A device sees only"
              + " rows within its scopes; any other row is answered as one that does not exist. A"
              + " 404 is certain: while a node cannot be sure, it answers 503.")
  @ApiResponse(
      responseCode = "200",
      description = "The entity, with its version as a strong ETag.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = EntityBody.class)))
  @ApiResponse(responseCode = "304", description = "The caller has the latest state.")
  MutableHttpResponse<?> entity(
      HttpRequest<?> request,
      @Parameter(description = "The type, as the catalog names it.") String type,
      @Parameter(description = "The id, as in the keys of the topics, percent-encoded once.")
          String id,
      @Parameter(
              description = "'meta' adds the version of each field and the origin.",
              schema = @Schema(allowableValues = "meta"))
          @QueryValue("include")
          @Nullable String include,
      @Parameter(
              description =
                  "The ETag of the state that the caller has: 304 if it is still the latest.")
          @Header("If-None-Match")
          @Nullable String ifNoneMatch) {
    EntityQuestion question =
        question(request, type, id, Optional.ofNullable(include), Optional.ofNullable(ifNoneMatch));
    return switch (query.ask(question)) {
      case EntityAnswer.Present(var state) -> present(question, state);
      case EntityAnswer.Relayed relayed -> relayed(relayed);
      case EntityAnswer.Absent() -> problem(request, Problem.of(ProblemType.UNKNOWN_ENTITY));
      case EntityAnswer.Unavailable(String why) ->
          problem(
              request,
              Problem.unavailable(
                  Character.toUpperCase(why.charAt(0)) + why.substring(1) + ".", RETRY));
    };
  }

  private EntityQuestion question(
      HttpRequest<?> request,
      String type,
      String id,
      Optional<String> include,
      Optional<String> ifNoneMatch) {
    if (include.isPresent() && !include.get().equals("meta")) {
      throw new ProblemException(
          Problem.invalid("/query/include", "'include' can be 'meta' and nothing else."));
    }
    return new EntityQuestion(
        EntityAddress.of(catalog, type, id),
        Caller.of(request).orElseThrow(),
        request.getHeaders().get(HttpHeaders.AUTHORIZATION, String.class).orElse(""),
        ifNoneMatch,
        include.isPresent(),
        RequestScope.of(request).id(),
        request.getHeaders().contains(Hop.HEADER));
  }

  private static MutableHttpResponse<?> present(EntityQuestion question, EntityState.Live state) {
    String etag = EntityJson.etag(state, question.withMeta());
    boolean known =
        question.ifNoneMatch().filter(header -> IfNoneMatch.matches(header, etag)).isPresent();
    MutableHttpResponse<byte[]> response =
        known
            ? HttpResponse.notModified()
            : HttpResponse.ok(
                    EntityJson.bytes(question.address().key(), state, question.withMeta()))
                .contentType(MediaType.APPLICATION_JSON_TYPE);
    return cacheable(response, etag);
  }

  private static MutableHttpResponse<?> relayed(EntityAnswer.Relayed relayed) {
    MutableHttpResponse<byte[]> response = HttpResponse.status(relayed.status(), "");
    if (relayed.status() == 200) {
      response.body(relayed.body());
      relayed.contentType().ifPresent(response::contentType);
    }
    return cacheable(response, relayed.etag().orElse(""));
  }

  private static MutableHttpResponse<?> cacheable(
      MutableHttpResponse<byte[]> response, String etag) {
    return response
        .header(HttpHeaders.ETAG, etag)
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
  }

  private static MutableHttpResponse<?> problem(HttpRequest<?> request, Problem problem) {
    return ProblemResponses.fill(
        HttpResponse.status(problem.type().status(), problem.type().title()), problem, request);
  }
}
