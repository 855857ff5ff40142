package dev.tidemark.api.cache.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.cache.InvalidationSink;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.cache.tend.Warmer;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.PathSegments;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.ParameterType;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
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
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators see of the cache and do with it. */
@Controller("/api/cache")
@Secured({Role.IS_OPERATOR, Role.IS_ADMIN})
@Tag(name = "cache")
@SecurityRequirement(name = "bearer")
class CacheController {
  private static final Logger LOG = LoggerFactory.getLogger(CacheController.class);

  /** What names the answers that are to be dropped. */
  private static final Set<String> ANSWERS = Set.of("key", "view");

  private final ViewCache cache;
  private final Catalog catalog;
  private final CacheReport report;
  private final Warmer warmer;
  private final InvalidationSink sink;
  private final InstantSource clock;

  CacheController(
      ViewCache cache,
      Catalog catalog,
      CacheReport report,
      Warmer warmer,
      InvalidationSink sink,
      InstantSource clock) {
    this.cache = cache;
    this.catalog = catalog;
    this.report = report;
    this.warmer = warmer;
    this.sink = sink;
    this.clock = clock;
  }

  @Get("/metrics")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getCacheMetrics",
      summary = "Hits and misses of this node",
      description = "Since the node started. 'hit_rate' is in percent.")
  @ApiResponse(
      responseCode = "200",
      description = "The figures.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CacheBodies.Metrics.class)))
  MutableHttpResponse<?> metrics() {
    return Replies.ok(report.metrics());
  }

  @Get("/status")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getCacheStatus",
      summary = "How the cache of this node is",
      description =
          "ok; degraded, without Redis; or standing_aside, when it is not proven that every change"
              + " has been heard of and Postgres is asked each time. With each tier, each view, and"
              + " what the checker found.")
  @ApiResponse(
      responseCode = "200",
      description = "How it is.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CacheBodies.Status.class)))
  MutableHttpResponse<?> status() {
    return Replies.ok(report.status());
  }

  @Get("/fallback-status")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "getCacheFallback",
      summary = "Whether the cache does without Redis",
      description = "And since when, and why.")
  @ApiResponse(
      responseCode = "200",
      description = "Whether it does.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CacheBodies.Fallback.class)))
  MutableHttpResponse<?> fallback() {
    return Replies.ok(report.fallback());
  }

  @Get("/explain/{key:[^/]+}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "explainKey",
      summary = "The story of one key",
      description =
          "Which tiers keep an answer, in which snapshot it was read, what it depends on, and the"
              + " change that made it untrue last.")
  @ApiResponse(
      responseCode = "200",
      description = "The story.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CacheBodies.Explained.class)))
  MutableHttpResponse<?> explain(
      HttpRequest<?> request,
      @Parameter(description = "The key, such as agenda:7:2026-01-15, percent-encoded once.")
          String key) {
    Question question = question(PathSegments.after(3, request).getFirst(), "/path/key");
    return Replies.ok(new Explanation(cache, question, clock.instant()).json());
  }

  @Post("/warm")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "warmCache",
      summary = "Fetch answers before anybody asks",
      description = "Those that the catalog names, in its order. Answered when it is done.")
  @ApiResponse(
      responseCode = "200",
      description = "What came of it.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CacheBodies.Warmed.class)))
  MutableHttpResponse<?> warm(
      @Parameter(description = "This view alone.") @QueryValue("view") @Nullable String view) {
    Warmer.Outcome outcome =
        warmer
            .warm(Optional.ofNullable(view))
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.invalid("/query/view", "No view of this name says what to warm.")));
    ObjectNode json = Replies.object();
    json.put("warmed", outcome.warmed());
    json.put("kept", outcome.kept());
    json.put("failed", outcome.failed());
    return Replies.ok(json);
  }

  @Delete("/invalidate")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "invalidate",
      summary = "Drop answers",
      description = "One by its key, those of a view, or all. On every node, and in Redis.")
  @ApiResponse(
      responseCode = "200",
      description = "What was said to all nodes.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CacheBodies.Invalidated.class)))
  MutableHttpResponse<?> invalidate(
      HttpRequest<?> request,
      @Parameter(description = "The key of one answer.") @QueryValue("key") @Nullable String key,
      @Parameter(description = "A view, if no key is given.") @QueryValue("view")
          @Nullable String view) {
    for (String name : request.getParameters().names()) {
      if (!ANSWERS.contains(name)) {
        throw new ProblemException(
            Problem.invalid("/query/" + name, "There is 'key' or 'view', nothing else."));
      }
      one(request, name);
    }
    if (key != null && view != null) {
      throw new ProblemException(
          Problem.invalid("/query/view", "A key names its view: give one of the two."));
    }
    if (key != null) {
      return invalidate(request, List.of(question(key, "/query/key").key()));
    }
    if (view != null) {
      return invalidate(request, List.of(view(view, "/query/view").key().all()));
    }
    return invalidate(request, catalog.views().stream().map(one -> one.key().all()).toList());
  }

  @Delete("/{view}")
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "invalidateView",
      summary = "Drop answers of a view",
      description =
          "Those with the parameters of the query, such as /api/cache/agenda?date=2026-01-15; all of"
              + " the view if it names none, or if the catalog has no group of such parameters.")
  @ApiResponse(
      responseCode = "200",
      description = "What was said to all nodes.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CacheBodies.Invalidated.class)))
  MutableHttpResponse<?> invalidateView(
      HttpRequest<?> request,
      @Parameter(description = "The view, as the catalog names it.") String view) {
    CacheView found = view(view, "/path/view");
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : request.getParameters().names()) {
      ParameterType type = found.parameters().get(name);
      if (type == null) {
        throw new ProblemException(
            Problem.invalid(
                "/query/" + name,
                "The view has the parameters "
                    + String.join(", ", found.parameters().keySet())
                    + "."));
      }
      values.put(
          name,
          type.canonical(one(request, name))
              .orElseThrow(
                  () ->
                      new ProblemException(
                          Problem.invalid(
                              "/query/" + name,
                              "'" + name + "' is no value of type " + type.text() + "."))));
    }
    boolean named =
        values.keySet().containsAll(found.parameters().keySet())
            || cache.targets().hasGroup(found, values.keySet());
    return invalidate(request, List.of(named ? found.key().of(values::get) : found.key().all()));
  }

  /** The value of a query parameter; which of several is meant would be a guess. */
  private static String one(HttpRequest<?> request, String name) {
    List<String> given = request.getParameters().getAll(name);
    if (given.size() != 1) {
      throw new ProblemException(
          Problem.invalid("/query/" + name, "'" + name + "' is given more than once."));
    }
    return given.getFirst();
  }

  private MutableHttpResponse<?> invalidate(HttpRequest<?> request, List<String> targets) {
    Caller caller = Caller.of(request).orElseThrow();
    long transaction = cache.source().mark();
    List<Invalidation> invalidations = new ArrayList<>();
    for (String target : targets) {
      invalidations.add(
          new Invalidation(
              target,
              transaction,
              null,
              clock.instant(),
              new Invalidation.Cause(
                  Invalidation.Reason.REQUEST, caller.subject(), null, List.of())));
    }
    sink.send(invalidations);
    // The others hear of it in a moment; whoever asked need not wait for it here.
    cache.heard(invalidations);
    LOG.info("{} dropped {}", caller.subject(), targets);
    ObjectNode json = Replies.object();
    ArrayNode all = json.putArray("invalidated");
    targets.forEach(all::add);
    json.put("transaction", transaction);
    return Replies.ok(json);
  }

  private Question question(String key, String pointer) {
    Question question =
        cache
            .question(key)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.invalid(
                            pointer,
                            "A key is a view's name and its parameters, such as"
                                + " agenda:7:2026-01-15.")));
    question
        .view()
        .parameters()
        .forEach(
            (name, type) -> {
              String value = question.values().getOrDefault(name, "");
              if (type.canonical(value).filter(value::equals).isEmpty()) {
                throw new ProblemException(
                    Problem.invalid(
                        pointer, "'" + name + "' in it is no value of type " + type.text() + "."));
              }
            });
    return question;
  }

  private CacheView view(String name, String pointer) {
    return cache
        .view(name)
        .orElseThrow(
            () ->
                pointer.startsWith("/path")
                    ? new ProblemException(Problem.of(ProblemType.UNKNOWN_VIEW))
                    : new ProblemException(
                        Problem.invalid(pointer, "The catalog has no view of this name.")));
  }
}
