package dev.tidemark.api.views;

import dev.tidemark.api.cache.Given;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemResponses;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.IfNoneMatch;
import dev.tidemark.api.request.PathSegments;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.contract.Version;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.inject.Named;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What views show. */
@Controller("/api/views")
@Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
@Tag(name = "views")
@SecurityRequirement(name = "bearer")
class ViewController {
  /** RFC 9211: which cache answered, and how. */
  static final String CACHE_STATUS = "Cache-Status";

  private final ViewCache cache;
  private final ExecutorService blocking;

  ViewController(ViewCache cache, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.cache = cache;
    this.blocking = blocking;
  }

  @Get(
      uris = {
        "/{view}",
        "/{view}/{first:[^/]+}",
        "/{view}/{first:[^/]+}/{second:[^/]+}",
        "/{view}/{first:[^/]+}/{second:[^/]+}/{third:[^/]+}",
        "/{view}/{first:[^/]+}/{second:[^/]+}/{third:[^/]+}/{fourth:[^/]+}"
      })
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getView",
      summary = "What a view shows",
      description =
          "The answer of a view of the catalog, from memory, from Redis or from Postgres:"
              + " Cache-Status says which. It shows every change that was committed more than a"
              + " moment ago; how long that moment may be at most is a setting. The parameters"
              + " stand in the path, in the order of the view's key. A device reads what its scopes"
              + " allow.")
  @ApiResponse(
      responseCode = "200",
      description = "The rows of a list, or the one row of a view that shows one.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Object.class)))
  @ApiResponse(responseCode = "304", description = "The caller has the latest answer.")
  CompletionStage<MutableHttpResponse<?>> view(
      HttpRequest<?> request,
      @Parameter(description = "The view, as the catalog names it.") String view,
      @Parameter(description = "Its first parameter.") @PathVariable @Nullable String first,
      @Parameter(description = "Its second parameter.") @PathVariable @Nullable String second,
      @Parameter(description = "Its third parameter.") @PathVariable @Nullable String third,
      @Parameter(description = "Its fourth parameter.") @PathVariable @Nullable String fourth,
      @Parameter(
              description =
                  "The version of a change that the caller knows of, as an outcome gives it: the"
                      + " answer shows it. Postgres is asked.")
          @QueryValue("min_version")
          @Nullable String minVersion,
      @Parameter(description = "'no-cache': what is true by now. Postgres is asked.")
          @Header(HttpHeaders.CACHE_CONTROL)
          @Nullable String cacheControl,
      @Parameter(description = "The ETag of the answer that the caller has: 304 if it is the same.")
          @Header("If-None-Match")
          @Nullable String ifNoneMatch) {
    Question question =
        ViewQuestion.of(
            cache, Caller.of(request).orElseThrow(), view, PathSegments.after(3, request));
    boolean atOnce =
        isVersion(minVersion)
            || (cacheControl != null && cacheControl.toLowerCase(Locale.ROOT).contains("no-cache"));
    // What memory has needs no thread of its own, and waking one takes longer than the answer.
    Optional<Given> atHand = atOnce ? Optional.empty() : cache.atHand(question);
    if (atHand.isPresent()) {
      return CompletableFuture.completedFuture(answer(request, atHand.get(), ifNoneMatch));
    }
    Supplier<MutableHttpResponse<?>> asking =
        () -> answer(request, cache.ask(question, atOnce), ifNoneMatch);
    return CompletableFuture.supplyAsync(PropagatedContext.wrapCurrent(asking), blocking);
  }

  private static MutableHttpResponse<?> answer(
      HttpRequest<?> request, Given given, @Nullable String ifNoneMatch) {
    return given.answer().absent()
        ? headers(
            ProblemResponses.fill(
                HttpResponse.notFound(), Problem.of(ProblemType.NOTHING_THERE), request),
            given)
        : present(given, ifNoneMatch);
  }

  private static boolean isVersion(@Nullable String text) {
    if (text == null) {
      return false;
    }
    try {
      var _ = Version.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.invalid(
              "/query/min_version", "'min_version' is a version such as 0001-0000000001E00760."));
    }
  }

  private static MutableHttpResponse<?> present(Given given, @Nullable String ifNoneMatch) {
    String etag = given.answer().etag();
    MutableHttpResponse<byte[]> response =
        ifNoneMatch != null && IfNoneMatch.matches(ifNoneMatch, etag)
            ? HttpResponse.notModified()
            : HttpResponse.ok(given.answer().body()).contentType(MediaType.APPLICATION_JSON_TYPE);
    return headers(response.header(HttpHeaders.ETAG, etag), given);
  }

  private static MutableHttpResponse<?> headers(MutableHttpResponse<?> response, Given given) {
    long age = Math.max(0, System.currentTimeMillis() - given.answer().fetchedAtMillis()) / 1000;
    return response
        .header(HttpHeaders.AGE, Long.toString(age))
        .header(CACHE_STATUS, status(given.tier()))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
  }

  private static String status(Given.Tier tier) {
    String how = tier.hit() ? "hit" : tier == Given.Tier.BYPASS ? "fwd=bypass" : "fwd=miss";
    return "tidemark; " + how + "; detail=" + tier.text();
  }
}
