package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidemark.api.assets.Assets;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who may keep an answer: of assets everybody, of views who asked, of all else nobody else. */
class CachePolicyTest {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");
  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("file", Assets.address("page.css").replace("/assets/", "")),
          Map.entry("slug", "not-found"),
          Map.entry("first", FakeViews.USER),
          Map.entry("second", "2026-01-15"),
          Map.entry("key", "everything"),
          Map.entry("type", "activity"));

  private static final FakeViews VIEWS = new FakeViews();
  private static final ApiUnderTest API = ApiUnderTest.start(VIEWS, List.of());
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final List<Optional<String>> TOKENS =
      List.of(
          Optional.empty(),
          Optional.of("wrong"),
          Optional.of(Tokens.of("operator")),
          Optional.of(device()));

  @AfterAll
  static void stop() {
    CLIENT.close();
    API.close();
    VIEWS.cache().close();
  }

  @Test
  void everyRouteKeepsToThePolicy() throws IOException {
    JsonNode document =
        new YAMLMapper().readTree(API.get("/openapi.yml", Tokens.of("device")).body());
    Set<String> answered = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (String method : METHODS) {
        if (!path.getValue().has(method)) {
          continue;
        }
        for (Optional<String> token : TOKENS) {
          Answer answer = ask(method.toUpperCase(Locale.ROOT), filledIn(path.getKey()), token);
          assertPolicy(method + " " + path.getKey(), path.getKey(), answer);
          if (answer.status() < 300) {
            answered.add(method + " " + path.getKey());
          }
        }
      }
    }
    assertThat(answered)
        .hasSizeGreaterThan(15)
        .contains(
            "get /assets/{file}",
            "get /api/views/{view}",
            "get /api/views/{view}/{first}",
            "get /api/views/{view}/{first}/{second}",
            "get /api/cache/metrics",
            "get /problems/{slug}",
            "get /health",
            "get /openapi.yml",
            "get /prometheus");
  }

  @Test
  void whatIsNoRouteKeepsToItAsWell() {
    for (String path :
        List.of("/", "/nowhere", "/assets", "/assets/x/y", "/assets/page-000000000000.css")) {
      for (Optional<String> token : TOKENS) {
        Answer answer = ask("GET", path, token);
        assertThat(answer.status()).isIn(401, 404);
        assertThat(answer.cacheControl()).as(path).containsExactly("no-store");
      }
    }
  }

  private static void assertPolicy(String route, String template, Answer answer) {
    String as = route + " " + answer.status();
    assertThat(answer.cacheControl()).as(as).hasSize(1);
    String told = answer.cacheControl().getFirst();
    if (answer.status() == 200 && template.startsWith("/assets/")) {
      assertThat(told).as(as).isEqualTo(FOR_EVER);
    } else if (answer.status() == 200 && template.startsWith("/api/views/")) {
      assertThat(told).as(as).isEqualTo("private, no-cache");
    } else {
      List<String> directives = Arrays.stream(told.split(",", -1)).map(String::strip).toList();
      assertThat(directives).as(as).containsAnyOf("no-store", "private");
      assertThat(directives).as(as).doesNotContain("public", "immutable");
      assertThat(told).as(as).doesNotContain("s-maxage");
    }
  }

  private record Answer(int status, List<String> cacheControl) {}

  private static Answer ask(String method, String path, Optional<String> token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(API.uri(path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=0")
            .method(
                method,
                method.equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString("{}"));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    // The body of a stream never ends, so none is read.
    try {
      HttpResponse<InputStream> response =
          CLIENT.send(request.build(), BodyHandlers.ofInputStream());
      response.body().close();
      return new Answer(response.statusCode(), response.headers().allValues("Cache-Control"));
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String filledIn(String template) {
    String path = template;
    if (path.contains("{view}")) {
      path = path.replace("{view}", viewOf(template));
    }
    for (Map.Entry<String, String> value : VALUES.entrySet()) {
      path = path.replace("{" + value.getKey() + "}", value.getValue());
    }
    return path.replaceAll("\\{[^}]+}", "1");
  }

  private static String viewOf(String template) {
    return template.contains("{second}")
        ? "agenda"
        : template.contains("{first}") ? "services" : "everything";
  }

  private static String device() {
    return Tokens.signed(
        claims ->
            claims
                .claim("roles", List.of("device"))
                .claim("device", "tablet-1")
                .claim("scopes", List.of("public", "user/" + FakeViews.USER)));
  }
}
