package dev.tidemark.api.assets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.api.ApiUnderTest;
import dev.tidemark.api.Problems;
import dev.tidemark.api.Tokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AssetsTest {
  private static final Path FILES =
      Path.of("src/main/resources/dev/tidemark/api/assets/files").toAbsolutePath();
  private static final String STYLE = Assets.address("page.css");
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private static final ApiUnderTest API = ApiUnderTest.start();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @AfterAll
  static void stop() {
    CLIENT.close();
    API.close();
  }

  @Test
  void everyFileIsListedAndNothingElse() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(Assets.NAMES);
    }
    assertThatThrownBy(() -> Assets.address("other.css"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Asset.of("page.exe", new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anAddressHasAHashOfTheContent() {
    assertThat(STYLE).matches("/assets/page-[0-9a-f]{12}\\.css");
    assertThat(Asset.of("a.css", "1".getBytes(UTF_8)).address())
        .isEqualTo("/assets/a-6b86b273ff34.css");
    assertThat(Asset.of("a.css", "2".getBytes(UTF_8)).address())
        .isEqualTo("/assets/a-d4735e3a265e.css");
    assertThat(Asset.of("a.css", new byte[1024]).gzip()).isEmpty();
    assertThat(Asset.of("a.css", new byte[1025]).gzip()).isPresent();
  }

  @Test
  void whoeverAsksMayKeepItForEver() throws IOException {
    HttpResponse<byte[]> response = get(STYLE, request -> request);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(Files.readAllBytes(FILES.resolve("page.css")));
    assertThat(header(response, "Content-Type")).containsExactly("text/css; charset=utf-8");
    assertThat(header(response, "Content-Encoding")).isEmpty();
    assertKept(response);
  }

  @Test
  void itIsCompressedForWhoeverUnderstands() throws IOException {
    HttpResponse<byte[]> plain = get(STYLE, request -> request);
    HttpResponse<byte[]> gzip =
        get(STYLE, request -> request.header("Accept-Encoding", "br, gzip;q=0.8"));
    assertThat(header(gzip, "Content-Encoding")).containsExactly("gzip");
    assertThat(gzip.body().length).isLessThan(plain.body().length / 2);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
        .isEqualTo(plain.body());
    assertThat(header(gzip, "ETag")).isNotEqualTo(header(plain, "ETag"));
    assertKept(gzip);
    for (String other : List.of("identity", "gzip;q=0", "br")) {
      HttpResponse<byte[]> response =
          get(STYLE, request -> request.header("Accept-Encoding", other));
      assertThat(header(response, "Content-Encoding")).as(other).isEmpty();
      assertThat(response.body()).isEqualTo(plain.body());
    }
  }

  @Test
  void whoeverHasItIsNotSentItAgain() {
    for (String encoding : List.of("identity", "gzip")) {
      String etag =
          header(get(STYLE, request -> request.header("Accept-Encoding", encoding)), "ETag")
              .getFirst();
      assertThat(etag).matches("\"[0-9a-f]{12}(-gzip)?\"");
      for (String known : List.of(etag, "\"other\", W/" + etag, "*")) {
        HttpResponse<byte[]> response =
            get(
                STYLE,
                request ->
                    request.header("Accept-Encoding", encoding).header("If-None-Match", known));
        assertThat(response.statusCode()).as(known).isEqualTo(304);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "ETag")).containsExactly(etag);
        assertKept(response);
      }
      assertThat(
              get(
                      STYLE,
                      request ->
                          request
                              .header("Accept-Encoding", encoding)
                              .header("If-None-Match", "\"other\""))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void headTellsAllButTheContent() {
    for (String encoding : List.of("identity", "gzip")) {
      UnaryOperator<HttpRequest.Builder> takes =
          request -> request.header("Accept-Encoding", encoding);
      HttpResponse<byte[]> got = get(STYLE, takes);
      HttpResponse<byte[]> told = get(STYLE, request -> takes.apply(request).HEAD());
      assertThat(told.statusCode()).isEqualTo(200);
      assertThat(told.body()).isEmpty();
      for (String name : List.of("ETag", "Content-Type", "Content-Encoding")) {
        assertThat(header(told, name)).as(name).isEqualTo(header(got, name));
      }
      assertKept(told);
    }
  }

  @Test
  void anotherHashIsNeverAnsweredWithThisContent() {
    for (String path :
        List.of(
            STYLE.replaceAll("[0-9a-f]{12}", "0123456789ab"),
            "/assets/page.css",
            STYLE + ".map",
            STYLE.replace(".css", ".js"),
            STYLE.replace("page-", "PAGE-"),
            "/assets/..%2Ffiles%2Fpage.css",
            "/assets/%2e%2e%2f%2e%2e%2fcache%2fredis%2fopen.lua",
            "/assets/files%2Fpage.css")) {
      HttpResponse<String> response = API.get(path);
      Problems.assertProblem(response, 404, "not-found");
      assertThat(response.headers().allValues("Cache-Control"))
          .as(path)
          .containsExactly("no-store");
    }
  }

  @Test
  void aTokenChangesNothing() {
    for (String token : List.of("wrong", Tokens.of("device"))) {
      HttpResponse<byte[]> response =
          get(STYLE, request -> request.header("Authorization", "Bearer " + token));
      assertThat(response.statusCode()).isEqualTo(200);
      assertKept(response);
    }
  }

  @Test
  void nothingCanBeWritten() {
    HttpResponse<String> response =
        API.send(
            STYLE,
            request ->
                request
                    .header("Authorization", "Bearer " + Tokens.of("admin"))
                    .PUT(HttpRequest.BodyPublishers.noBody()));
    Problems.assertProblem(response, 405, "method-not-allowed");
  }

  private static void assertKept(HttpResponse<?> response) {
    assertThat(header(response, "Cache-Control")).containsExactly(FOR_EVER);
    assertThat(header(response, "Vary")).containsExactly("Accept-Encoding");
    assertThat(header(response, "X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(header(response, "Set-Cookie")).isEmpty();
  }

  private static List<String> header(HttpResponse<?> response, String name) {
    return response.headers().allValues(name);
  }

  private static HttpResponse<byte[]> get(String path, UnaryOperator<HttpRequest.Builder> change) {
    try {
      return CLIENT.send(
          change.apply(HttpRequest.newBuilder(API.uri(path))).build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
