package dev.tidemark.api;

import static dev.tidemark.api.ChangesRig.device;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.live.LiveHub;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.live.Subscriber;
import dev.tidemark.api.live.Subscription;
import dev.tidemark.api.pull.Changes;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.contract.ScopedChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a device hears while it listens. Each test has scopes of its own. */
@Tag("integration")
@Timeout(120)
class LiveTest {
  private static final LiveSettings LIVE =
      new LiveSettings(50, 40, Duration.ofMillis(300), Duration.ofSeconds(3));

  @TempDir private static Path directory;

  private static ChangesRig rig;
  private static RunningApi node;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String town = "town/" + UUID.randomUUID();
  private final String other = "town/" + UUID.randomUUID();
  private ScopedTopic topic;

  @BeforeAll
  static void startNode() {
    rig = new ChangesRig(directory);
    rig.start();
    node = rig.startNode("node", LIVE);
  }

  @AfterAll
  static void stopNode() {
    node.close();
    rig.close();
  }

  @BeforeEach
  void openTopic() {
    topic = new ScopedTopic(rig.kafka());
  }

  @AfterEach
  void closeTopic() {
    topic.close();
    client.close();
  }

  @Test
  void whoListensCatchesUpAndHearsWhatComes() {
    topic.commit(topic.put(town, "ticket", "1", null), topic.put(other, "ticket", "9", null));
    try (Listening device = listen(town).subscribe("")) {
      device.await("caught_up");
      topic.commit(topic.put(town, "ticket", "2", "tablet-1"));
      topic.commit(topic.put(other, "ticket", "8", null), topic.remove(town, "ticket", "1"));
      assertThat(device.awaitChanges(3))
          .containsExactly("put ticket/1", "put ticket/2", "remove ticket/1");
    }
  }

  @Test
  void whoComesBackGoesOnWhereItWas() {
    String cursor;
    try (Listening device = listen(town).subscribe("")) {
      topic.commit(topic.put(town, "ticket", "1", null));
      assertThat(device.awaitChanges(1)).containsExactly("put ticket/1");
      cursor = device.cursor();
    }
    topic.commit(topic.put(town, "ticket", "2", null));
    try (Listening device = listen(town).subscribe(cursor)) {
      assertThat(device.awaitChanges(1)).containsExactly("put ticket/2");
      device.await("caught_up");
    }
  }

  /** As when a connection goes between two looks at it. */
  @Test
  void whoseConnectionFailsHarmsNobodyElse() {
    FailingLine line = new FailingLine();
    Caller caller =
        new Caller(
            "failing",
            Set.of(Role.DEVICE),
            Set.of(town),
            Optional.of("tablet-1"),
            Optional.empty());
    try (Listening device = listen(town).subscribe("")) {
      device.await("caught_up");
      node.part(LiveHub.class)
          .add(
              new Subscriber(
                  Subscription.changesOf("ticket"), null, caller, line, node.part(Changes.class)));
      await().until(line::isLive);
      topic.commit(topic.put(town, "ticket", "1", null));
      await().until(line::isEnded);
      topic.commit(topic.put(town, "ticket", "2", null));
      assertThat(device.awaitChanges(2)).containsExactly("put ticket/1", "put ticket/2");
    }
  }

  @Test
  void atTheSeamNothingIsMissedAndNothingTwice() {
    int count = 400;
    List<String> expected = IntStream.range(0, count).mapToObj(i -> "put ticket/t" + i).toList();
    List<Listening> devices = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        if (i % 20 == 10) {
          devices.add(listen(town).subscribe(""));
        }
        topic.commit(topic.put(town, "ticket", "t" + i, null));
      }
      for (Listening device : devices) {
        assertThat(device.awaitChanges(count)).isEqualTo(expected);
      }
    } finally {
      devices.forEach(Listening::close);
    }
  }

  @Test
  void whoHearsAllTheTimeAndSaysNothingIsNotTakenForDead() {
    try (Listening device = listen(town).subscribe("")) {
      device.await("caught_up");
      Instant end = Instant.now().plus(LIVE.patience()).plusSeconds(1);
      int count = 0;
      while (Instant.now().isBefore(end)) {
        topic.commit(topic.put(town, "ticket", "t" + count, null));
        count++;
        device.awaitChanges(count);
      }
    }
  }

  @Test
  void aRowThatIsInTwoScopesIsToldOnce() {
    try (Listening device = listen(town, other).subscribe("")) {
      device.await("caught_up");
      topic.commit(topic.put(town, "ticket", "1", null));
      topic.commit(topic.remove(town, "ticket", "1", other), topic.put(other, "ticket", "1", null));
      topic.commit(topic.put(town, "ticket", "2", null));
      assertThat(device.awaitChanges(3))
          .containsExactly("put ticket/1", "put ticket/1", "put ticket/2");
    }
  }

  @Test
  void onlyWhatIsOfInterestIsTold() {
    try (Listening device =
        listen(town)
            .say("{\"type\":\"subscribe\",\"types\":[\"note\"],\"channels\":[\"changes\"]}")) {
      device.await("caught_up");
      topic.commit(topic.put(town, "ticket", "1", null), topic.put(town, "note", "2", null));
      assertThat(device.awaitChanges(1)).containsExactly("put note/2");
    }
  }

  @Test
  void aBrowserOffersItsTokenAsAProtocol() {
    try (Listening browser = Listening.asBrowser(client, node.port(), device(town))) {
      assertThat(browser.protocol()).isEqualTo("tidemark.v1");
      browser.subscribe("").await("caught_up");
    }
  }

  @Test
  void whoHasNoTokenIsNotLetIn() {
    for (String token : List.of("made-up", Tokens.of("operator"))) {
      assertThatThrownBy(() -> Listening.to(client, node.port(), token))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(WebSocketHandshakeException.class);
    }
  }

  @Test
  void heartbeatsComeInSilenceAndCarryTheCursor() {
    try (Listening device = listen(town).subscribe("")) {
      device.await("caught_up");
      assertThat(device.await("heartbeat").path("cursor").asText()).isNotEmpty();
      device.say("{\"type\":\"heartbeat\"}");
      device.await("heartbeat");
      String cursor = device.cursor();
      topic.commit(topic.put(town, "ticket", "1", null));
      try (Listening again = listen(town).subscribe(cursor)) {
        assertThat(again.awaitChanges(1)).containsExactly("put ticket/1");
      }
    }
  }

  @Test
  void whatIsNoMessageIsAnsweredWithAProblem() {
    for (String wrong :
        List.of(
            "no json",
            "[]",
            "{}",
            "{\"type\":\"hello\"}",
            "{\"type\":\"subscribe\",\"cursor\":7}",
            "{\"type\":\"subscribe\",\"cursor\":\"made-up\"}",
            "{\"type\":\"subscribe\",\"types\":[\"nothing\"]}",
            "{\"type\":\"subscribe\",\"types\":\"ticket\"}",
            "{\"type\":\"subscribe\",\"channels\":[\"gossip\"]}",
            "{\"type\":\"subscribe\",\"more\":1}")) {
      try (Listening device = listen(town).say(wrong)) {
        JsonNode problem = device.await("error").path("problem");
        assertThat(problem.path("type").asText())
            .as(wrong)
            .isEqualTo("/problems/invalid-parameter");
        assertThat(problem.path("errors")).hasSize(1);
        assertThat(device.awaitClose()).isEqualTo(4400);
      }
    }
  }

  @Test
  void aMessageWithoutAnEndIsCutOff() {
    try (Listening device = listen(town)) {
      String part = "x".repeat(16 << 10);
      for (int i = 0; i < 5; i++) {
        try {
          device.sayPart(part);
        } catch (CompletionException e) {
          break;
        }
      }
      assertThat(device.awaitClose()).isIn(1009, 0);
    }
  }

  @Test
  void aConnectionEndsWithItsToken() {
    String token =
        Tokens.signed(
            claims ->
                claims
                    .subject("device")
                    .expirationTime(Date.from(Instant.now().plusSeconds(2)))
                    .claim("device", "tablet-1")
                    .claim("roles", List.of("device"))
                    .claim("scopes", List.of(town)));
    try (Listening device = Listening.to(client, node.port(), token).subscribe("")) {
      assertThat(device.await("error").at("/problem/type").asText())
          .isEqualTo("/problems/unauthenticated");
      assertThat(device.awaitClose()).isEqualTo(4401);
    }
  }

  @Test
  void aNodeThatGoesSaysSo() {
    RunningApi going = rig.startNode("going", LIVE);
    try (Listening device = Listening.to(client, going.port(), device(town)).subscribe("")) {
      device.await("caught_up");
      going.close();
      assertThat(device.await("error").at("/problem/type").asText())
          .isEqualTo("/problems/unavailable");
      assertThat(device.awaitClose()).isEqualTo(1012);
    }
  }

  @Test
  void theSameComesAsEvents() throws IOException, InterruptedException {
    topic.commit(topic.put(town, "ticket", "1", null));
    ScopedChange second = topic.put(town, "ticket", "2", null);
    String last;
    try (BufferedReader events = events("")) {
      assertThat(awaitLine(events, "data: {\"changes\"")).contains("\"id\":\"1\"");
      awaitLine(events, "event: caught_up");
      topic.commit(second);
      last = awaitLine(events, "id: ").substring("id: ".length());
      String data = awaitLine(events, "data: {\"changes\"");
      assertThat(data).contains("\"id\":\"2\"").doesNotContain("\"id\":\"1\"");
    }
    topic.commit(topic.put(town, "ticket", "3", null));
    try (BufferedReader events = events(last)) {
      awaitLine(events, "\"id\":\"3\"");
    }
  }

  private BufferedReader events(String lastEvent) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/api/sync/live"))
            .header("Authorization", "Bearer " + device(town))
            .header("Accept", "text/event-stream");
    if (!lastEvent.isEmpty()) {
      request.header("Last-Event-ID", lastEvent);
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(response.body(), UTF_8));
  }

  private static String awaitLine(BufferedReader events, String part) throws IOException {
    String line = events.readLine();
    while (line != null && !line.contains(part)) {
      line = events.readLine();
    }
    return line == null ? "the end" : line;
  }

  private Listening listen(String... scopes) {
    return Listening.to(client, node.port(), device(scopes));
  }
}
