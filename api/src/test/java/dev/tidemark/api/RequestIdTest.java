package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RequestIdTest {
  private static final String TOKEN =
      Tokens.signed(claims -> claims.subject("ann").claim("device", "tablet-1"));
  private static final ApiUnderTest API = ApiUnderTest.start();

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger access = (Logger) LoggerFactory.getLogger("dev.tidemark.api.access");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    access.setLevel(Level.INFO);
    root.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(log);
    access.setLevel(null);
  }

  @AfterAll
  static void stop() {
    API.close();
  }

  @Test
  void anAcceptableIdIsKeptInHeaderProblemAndLog() {
    HttpResponse<String> response = ask("/probe/logs", "trip-42:a.b_c/d");
    assertThat(response.headers().allValues("X-Request-ID")).containsExactly("trip-42:a.b_c/d");
    ILoggingEvent within = event("probe");
    assertThat(within.getMDCPropertyMap()).containsEntry("requestId", "trip-42:a.b_c/d");
    ILoggingEvent line = event("dev.tidemark.api.access");
    assertThat(line.getMDCPropertyMap()).containsEntry("requestId", "trip-42:a.b_c/d");

    HttpResponse<String> problem = ask("/nowhere", "trip-43");
    assertThat(ApiUnderTest.json(problem).path("requestId").asText()).isEqualTo("trip-43");
  }

  @Test
  void anIdThatCouldDoHarmIsReplaced() {
    for (String harmful : List.of("a b", "x".repeat(65), "é", "a\tb", "{}", "%0d%0a", "<script>")) {
      String told = ask("/probe/ok", harmful).headers().firstValue("X-Request-ID").orElseThrow();
      assertThat(told).as(harmful).matches("[0-9a-f]{32}");
    }
    String one = API.get("/probe/ok", TOKEN).headers().firstValue("X-Request-ID").orElseThrow();
    String two = API.get("/probe/ok", TOKEN).headers().firstValue("X-Request-ID").orElseThrow();
    assertThat(one).matches("[0-9a-f]{32}").isNotEqualTo(two);
  }

  @Test
  void aRequestHasOneLineThatNamesItsTemplateAndItsCaller() {
    ask("/api/entities/activity/17?include=meta", "line");
    Map<String, Object> fields = fields(event("dev.tidemark.api.access"));
    assertThat(fields)
        .containsEntry("method", "GET")
        .containsEntry("path", "/api/entities/{type}/{id}")
        .containsEntry("status", 404)
        .containsEntry("subject", "ann")
        .containsEntry("device", "tablet-1")
        .containsKey("millis");
    assertThat(log.list).filteredOn(e -> e.getLoggerName().endsWith("access")).hasSize(1);
  }

  @Test
  void whatIsRefusedOrUnknownHasALineAsWell() {
    API.get("/nowhere", "wrong");
    assertThat(fields(event("dev.tidemark.api.access")))
        .containsEntry("path", "(none)")
        .containsEntry("status", 401)
        .doesNotContainKey("subject");
  }

  @Test
  void tokensAreInNoLog() {
    root.setLevel(Level.DEBUG);
    try {
      API.get("/probe/ok", TOKEN);
      API.get("/probe/ok", TOKEN + "x");
      API.get("/prometheus", ApiUnderTest.SCRAPE_TOKEN);
    } finally {
      root.setLevel(Level.WARN);
    }
    assertThat(List.copyOf(log.list))
        .filteredOn(event -> !event.getLoggerName().startsWith("jdk."))
        .noneMatch(
            event ->
                event.getFormattedMessage().contains(TOKEN)
                    || event.getFormattedMessage().contains(ApiUnderTest.SCRAPE_TOKEN)
                    || event.getFormattedMessage().contains(Tokens.SECRET));
  }

  private static HttpResponse<String> ask(String path, String id) {
    return API.send(
        path,
        request -> request.header("X-Request-ID", id).header("Authorization", "Bearer " + TOKEN));
  }

  private ILoggingEvent event(String logger) {
    return Awaitility.await()
        .until(
            () ->
                List.copyOf(log.list).stream()
                    .filter(event -> event.getLoggerName().equals(logger))
                    .findFirst()
                    .orElse(null),
            event -> event != null);
  }

  private static Map<String, Object> fields(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
  }
}
