package dev.tidemark.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.api.wire.HttpSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Bytes that a well-behaved client never sends. */
class WireTest {
  private static final String AUTHORIZED =
      "Host: x\r\nAuthorization: Bearer " + Tokens.of("operator") + "\r\n";
  private static final ApiUnderTest API =
      ApiUnderTest.start(
          new HttpSettings(
              "127.0.0.1", 0, 1024, 4096, 2048, 64, Duration.ofMillis(700), Duration.ofSeconds(30)),
          ApiUnderTest.TOKENS,
          RateSettings.DEFAULTS);

  @AfterAll
  static void stop() {
    API.close();
  }

  @Test
  void aLongRequestLineIs414() throws IOException {
    assertRefused(send("GET /" + "x".repeat(2000) + " HTTP/1.1\r\n" + AUTHORIZED + "\r\n"), 414);
  }

  @Test
  void manyHeaderFieldsAre431() throws IOException {
    String padding = "X-Padding: " + "x".repeat(500) + "\r\n";
    assertRefused(
        send("GET /probe/ok HTTP/1.1\r\n" + AUTHORIZED + padding.repeat(9) + "\r\n"), 431);
  }

  @Test
  void aBodyThatAnnouncesItselfAsTooLargeIs413WithoutBeingRead() throws IOException {
    assertRefused(
        send(
            "POST /probe/body HTTP/1.1\r\n"
                + AUTHORIZED
                + "Content-Type: application/json\r\nContent-Length: 2049\r\n\r\n"),
        413);
  }

  /** As clients do that read the answer when they have sent everything. */
  @Test
  void aBodyThatIsTooLargeAndSentToTheEndIsAnsweredAllTheSame() throws IOException {
    int length = 8 << 20;
    assertRefused(
        send(
            "POST /probe/body HTTP/1.1\r\n"
                + AUTHORIZED
                + "Content-Type: application/json\r\nContent-Length: "
                + length
                + "\r\n\r\n"
                + " ".repeat(length)),
        413);
  }

  @Test
  void aBodyThatGrowsTooLargeIs413() throws IOException {
    String chunk = "200\r\n" + " ".repeat(512) + "\r\n";
    String answer =
        send(
            "POST /probe/body HTTP/1.1\r\n"
                + AUTHORIZED
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n"
                + chunk.repeat(8)
                + "0\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("/problems/body-too-large");
  }

  @Test
  void whatIsNoHttpIs400() throws IOException {
    for (String rubbish :
        List.of(
            "\u0016\u0003\u0001\u0000 hello\r\n\r\n",
            "GET\r\n\r\n",
            "GET /probe/ok HTTP/1.1\r\nHost x\r\n\r\n",
            "GET /probe/ok HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n",
            "GET /probe/ok HTTP/1.1\r\n\r\n",
            "GET /probe/ok HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
            "POST /probe/body HTTP/1.1\r\n" + AUTHORIZED + "Content-Length: -1\r\n\r\n",
            "POST /probe/body HTTP/1.1\r\n"
                + AUTHORIZED
                + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
            "POST /probe/body HTTP/1.1\r\n" + AUTHORIZED + "Content-Length: abc\r\n\r\n",
            "POST /probe/body HTTP/1.1\r\n"
                + AUTHORIZED
                + "Content-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n")) {
      assertRefused(send(rubbish), 400);
    }
  }

  @Test
  void anAddressThatCannotBeReadIs400() throws IOException {
    for (String target : List.of("/%zz", "/a b", "/{x}", "/\u0000")) {
      String answer =
          send("GET " + target + " HTTP/1.1\r\n" + AUTHORIZED + "Connection: close\r\n\r\n");
      assertThat(answer).as(target).startsWith("HTTP/1.1 4").contains("/problems/");
      assertThat(answer).doesNotContain("Exception");
    }
  }

  @Test
  void aRequestThatNeverEndsIs408() throws IOException {
    assertRefused(send("GET /probe/ok HTT"), 408);
    assertRefused(
        send(
            "POST /probe/body HTTP/1.1\r\n"
                + AUTHORIZED
                + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"),
        408);
  }

  @Test
  void theAnswerToAnEarlierRequestComesBeforeARefusal() throws IOException {
    String answers =
        send(
            "GET /probe/ok HTTP/1.1\r\n"
                + AUTHORIZED
                + "\r\nGET /"
                + "x".repeat(2000)
                + "\r\n\r\n");
    assertThat(answers).startsWith("HTTP/1.1 200 ");
    assertThat(answers.substring(20)).contains("HTTP/1.1 414 ");
  }

  @Test
  void anotherHostIsNotBelievedAndMethodsAreNotOverridden() {
    assertThat(
            API.send(
                    "/probe/ok",
                    request ->
                        request
                            .header("Authorization", "Bearer " + Tokens.of("operator"))
                            .header("X-HTTP-Method-Override", "DELETE")
                            .POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(405);
  }

  private static void assertRefused(String answer, int status) {
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    int end = answer.indexOf("\r\n\r\n");
    String head = answer.substring(0, end).toLowerCase(java.util.Locale.ROOT);
    assertThat(head)
        .contains("content-type: application/problem+json")
        .contains("x-content-type-options: nosniff")
        .contains("cache-control: no-store")
        .contains("x-request-id: ")
        .contains("connection: close")
        .doesNotContain("\r\nserver:");
    assertThat(answer.substring(end)).contains("\"status\":" + status).doesNotContain("Exception");
  }

  /** Sends bytes and reads until the server closes, or has nothing to say for a while. */
  private static String send(String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), API.port())) {
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(bytes.getBytes(ISO_8859_1));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
