package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.micronaut.web.router.Router;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The document and the running application say the same. */
class OpenApiTest {
  private static final ApiUnderTest API =
      ApiUnderTest.start(ApiUnderTest.settings(), new FakeEntities(), List.of(), List.of());
  private static final Set<String> OPEN =
      Set.of(
          "/health",
          "/health/liveness",
          "/health/readiness",
          "/assets/{file}",
          "/problems/{slug}",
          "/api/webhooks/{source}",
          "/api/webhooks/{source}/{name}");

  private final JsonNode document = document();

  @AfterAll
  static void stop() {
    API.close();
  }

  @Test
  void everyRouteIsInTheDocumentAndNothingElse() {
    Set<String> routes = new TreeSet<>();
    API.bean(Router.class)
        .uriRoutes()
        .filter(route -> !route.getHttpMethodName().equals("HEAD"))
        .filter(route -> !route.isErrorRoute())
        .forEach(
            route ->
                routes.add(
                    route.getHttpMethodName()
                        + " "
                        + withoutPatterns(route.getUriMatchTemplate().toPathString())));
    Set<String> documented = new TreeSet<>();
    eachOperation((name, _) -> documented.add(name));
    assertThat(documented).isEqualTo(routes);
  }

  @Test
  void everyOperationSaysWhatItIsAndHowItFails() {
    List<String> ids = new ArrayList<>();
    eachOperation(
        (name, operation) -> {
          ids.add(operation.path("operationId").asText());
          assertThat(operation.path("summary").asText()).as(name).isNotBlank();
          assertThat(operation.path("description").asText()).as(name).isNotBlank();
          assertThat(operation.path("tags")).as(name).isNotEmpty();
          for (String range : List.of("4XX", "5XX")) {
            assertThat(operation.path("responses").path(range).path("$ref").asText())
                .as(name)
                .isEqualTo("#/components/responses/Problem");
          }
          operation
              .path("parameters")
              .forEach(
                  parameter ->
                      assertThat(parameter.path("description").asText())
                          .as(name + " " + parameter.path("name").asText())
                          .isNotBlank());
        });
    assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  void everyOperationAsksForATokenUnlessItIsOpen() {
    assertThat(document.at("/components/securitySchemes/bearer/scheme").asText())
        .isEqualTo("bearer");
    eachOperation(
        (name, operation) -> {
          boolean open = OPEN.contains(name.substring(name.indexOf(' ') + 1));
          assertThat(operation.path("security").path(0).has("bearer")).as(name).isEqualTo(!open);
        });
  }

  @Test
  void theDocumentIsOpenApi() {
    assertThat(
            new OpenAPIV3Parser()
                .readContents(API.get("/openapi.yml", Tokens.of("device")).body())
                .getMessages())
        .isEmpty();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).isNotEmpty();
    for (JsonNode reference : references) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  private void eachOperation(BiConsumer<String, JsonNode> check) {
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            check.accept(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                method.getValue())));
  }

  private static String withoutPatterns(String template) {
    return template.replace(":[^/]+}", "}");
  }

  private static JsonNode document() {
    try {
      return new YAMLMapper().readTree(API.get("/openapi.yml", Tokens.of("device")).body());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
