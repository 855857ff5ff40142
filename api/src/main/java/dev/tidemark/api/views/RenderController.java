package dev.tidemark.api.views;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.cache.Given;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.problem.Documented;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.Problem.Fault;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.PathSegments;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.api.wire.RequestJson;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.view.Rendering;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
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
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Texts of views, filled in. */
@Controller("/api/render")
@Secured({Role.IS_DEVICE, Role.IS_OPERATOR, Role.IS_ANALYST, Role.IS_ADMIN})
@Tag(name = "views")
@SecurityRequirement(name = "bearer")
class RenderController {
  private static final Set<String> MEMBERS = Set.of("variant", "variables");

  private final ViewCache cache;
  private final RequestJson json;

  RenderController(ViewCache cache, RequestJson json) {
    this.cache = cache;
    this.json = json;
  }

  /** What is asked for. */
  @Schema(name = "Rendering", description = "For whom a text is filled in, and with what.")
  record RenderBody(
      @Schema(description = "The reader's kind; absent for the text that is for everybody.")
          @Nullable String variant,
      @Schema(description = "A value for each variable of the text.")
          @Nullable Map<String, String> variables) {}

  @Post(
      uris = {
        "/{view}",
        "/{view}/{first:[^/]+}",
        "/{view}/{first:[^/]+}/{second:[^/]+}",
        "/{view}/{first:[^/]+}/{second:[^/]+}/{third:[^/]+}",
        "/{view}/{first:[^/]+}/{second:[^/]+}/{third:[^/]+}/{fourth:[^/]+}"
      })
  @Consumes(MediaType.APPLICATION_JSON)
  @ExecuteOn(TaskExecutors.BLOCKING)
  @ApiResponse(responseCode = Documented.REFUSED, ref = Documented.PROBLEM)
  @ApiResponse(responseCode = Documented.FAILED, ref = Documented.PROBLEM)
  @Operation(
      operationId = "renderView",
      summary = "A text of a view, filled in",
      description =
          "Chooses the row for the reader's kind, else the one for everybody, and puts values in"
              + " the place of {{variables}}. 422 if one has no value.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = RenderBody.class)))
  @ApiResponse(
      responseCode = "200",
      description = "The row with its texts filled in.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Object.class)))
  MutableHttpResponse<?> render(
      HttpRequest<?> request,
      @Body byte[] body,
      @Parameter(description = "A view of texts.") String view,
      @Parameter(description = "Its first parameter.") @PathVariable @Nullable String first,
      @Parameter(description = "Its second parameter.") @PathVariable @Nullable String second,
      @Parameter(description = "Its third parameter.") @PathVariable @Nullable String third,
      @Parameter(description = "Its fourth parameter.") @PathVariable @Nullable String fourth) {
    Question question =
        ViewQuestion.of(
            cache, Caller.of(request).orElseThrow(), view, PathSegments.after(3, request));
    Rendering rendering =
        question
            .view()
            .rendering()
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(
                            ProblemType.UNKNOWN_VIEW, "The view has no texts to be filled in.")));
    ObjectNode asked = json.object(body);
    Map<String, String> variables = variables(asked);
    Given given = cache.ask(question, false);
    ObjectNode row =
        Renderer.choose(read(given), rendering, variant(asked))
            .orElseThrow(() -> new ProblemException(Problem.of(ProblemType.NOTHING_THERE)));
    Renderer.Rendered rendered = Renderer.fill(row, rendering, variables);
    if (!rendered.missing().isEmpty()) {
      throw new ProblemException(missing(rendered.missing()));
    }
    return HttpResponse.ok(write(rendered.row()))
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  private static Problem missing(Set<String> names) {
    List<Fault> faults =
        names.stream()
            .map(name -> new Fault("/variables/" + name, "'" + name + "' has no value."))
            .toList();
    return new Problem(
        ProblemType.MISSING_VARIABLES, faults.getFirst().detail(), faults, Optional.empty());
  }

  private static @Nullable String variant(ObjectNode asked) {
    JsonNode variant = asked.path("variant");
    if (!variant.isMissingNode() && !variant.isNull() && !variant.isTextual()) {
      throw invalid("/variant", "'variant' is a text.");
    }
    return variant.textValue();
  }

  private static Map<String, String> variables(ObjectNode asked) {
    for (Map.Entry<String, JsonNode> member : asked.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        throw invalid(
            "/" + escaped(member.getKey()), "There is 'variant' and 'variables', nothing else.");
      }
    }
    Map<String, String> variables = new HashMap<>();
    JsonNode given = asked.path("variables");
    if (!given.isMissingNode() && !given.isNull() && !given.isObject()) {
      throw invalid("/variables", "'variables' is an object of texts by their names.");
    }
    for (Map.Entry<String, JsonNode> variable : given.properties()) {
      if (!variable.getValue().isTextual() && !variable.getValue().isNumber()) {
        throw invalid(
            "/variables/" + escaped(variable.getKey()), "A variable is a text or a number.");
      }
      variables.put(variable.getKey(), variable.getValue().asText());
    }
    return variables;
  }

  /** A name as a JSON pointer has it. */
  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static ProblemException invalid(String pointer, String detail) {
    return new ProblemException(
        new Problem(
            ProblemType.INVALID_VALUE,
            detail,
            List.of(new Fault(pointer, detail)),
            Optional.empty()));
  }

  private static JsonNode read(Given given) {
    try {
      return given.answer().absent()
          ? WireSerdes.exactJson().createArrayNode()
          : WireSerdes.exactJson().readTree(given.answer().body());
    } catch (IOException e) {
      throw new IllegalStateException("an answer that is no JSON: " + given.answer().key(), e);
    }
  }

  private static byte[] write(ObjectNode row) {
    try {
      return WireSerdes.exactJson().writeValueAsBytes(row);
    } catch (IOException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }
}
