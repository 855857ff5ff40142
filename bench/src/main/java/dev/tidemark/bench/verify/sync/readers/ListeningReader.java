package dev.tidemark.bench.verify.sync.readers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.Json;
import dev.tidemark.contract.WireSerdes;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Listens at one node until the connection ends, then goes on at any other from its last cursor. At
 * times it cuts the connection itself, and at times it takes nothing and answers nothing.
 */
final class ListeningReader extends Reader {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Longer than a node's heartbeat: whoever hears nothing for so long is on his own. */
  private static final Duration DEAF = Duration.ofSeconds(9);

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int REST_MILLIS = 300;
  private static final int CUT = 120;
  private static final int SILENT_MILLIS = 7_000;
  private static final int EXPIRED = 4410;

  /** Going away, too slow, and no close at all. */
  private static final Set<Integer> EXPECTED = Set.of(1000, 1001, 1006, 1012, 4408, EXPIRED);

  ListeningReader(Setup setup, World world, Notes notes, Random random) {
    super(setup, world, notes, random);
  }

  /** What comes over one connection. */
  private sealed interface Incoming {}

  private record Message(JsonNode json) implements Incoming {}

  private record Closed(int code, String why) implements Incoming {}

  /** Takes the next message only when it is asked for. */
  private static final class Line implements WebSocket.Listener {
    private static final int LOST = 1006;
    private final BlockingQueue<Incoming> incoming = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (!last) {
        from.request(1);
        return null;
      }
      try {
        incoming.add(new Message(WireSerdes.exactJson().readTree(part.toString())));
      } catch (JsonProcessingException e) {
        incoming.add(new Message(Json.object().put("type", "no JSON: " + part)));
      }
      part.setLength(0);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      incoming.add(new Closed(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      incoming.add(new Closed(LOST, error.toString()));
    }
  }

  @Override
  void step() throws InterruptedException {
    pause(REST_MILLIS);
    mood();
    Line line = new Line();
    WebSocket socket;
    try {
      socket =
          door()
              .listen("/api/sync/live", token(), line)
              .get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      refused(e);
      return;
    }
    try {
      notes.reconnects.increment();
      var subscription = Json.object().put("type", "subscribe");
      cursor().ifPresent(cursor -> subscription.put("cursor", cursor));
      setup.types().forEach(subscription.withArray("types")::add);
      subscription.putArray("channels").add("changes");
      var _ = socket.sendText(subscription.toString(), true);
      listen(line, socket);
    } finally {
      socket.abort();
    }
  }

  private void refused(Exception e) {
    if (e.getCause() instanceof WebSocketHandshakeException handshake) {
      int status = handshake.getResponse().statusCode();
      if (status != 503 && status != 429) {
        notes.add(Kind.UNEXPECTED, setup.name(), "may not listen: " + status);
      }
      notes.refusals.increment();
    } else {
      notes.silences.increment();
    }
  }

  private void listen(Line line, WebSocket socket) throws InterruptedException {
    long heard = System.nanoTime();
    while (!closed()) {
      Incoming incoming = line.incoming.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      if (incoming == null) {
        if (System.nanoTime() - heard > DEAF.toNanos()) {
          notes.silences.increment();
          return;
        }
        continue;
      }
      heard = System.nanoTime();
      switch (incoming) {
        case Message(JsonNode json) -> message(json);
        case Closed(int code, String why) -> {
          ended(code, why);
          return;
        }
      }
      if (!isSteady() && random.nextInt(CUT) == 0) {
        if (setup.moody()) {
          Thread.sleep(random.nextInt(SILENT_MILLIS));
        } else {
          return;
        }
      }
      socket.request(1);
    }
  }

  private void message(JsonNode json) {
    notes.messages.increment();
    String cursor = json.path("cursor").asText();
    switch (json.path("type").asText()) {
      case "changes" -> take(json.path("changes"), cursor, false);
      case "caught_up" -> take(Json.object(), cursor, true);
      case "heartbeat" -> take(Json.object(), cursor, false);
      case "error" -> {
        // The close that follows says the same.
      }
      default -> notes.add(Kind.UNEXPECTED, setup.name(), "said " + json);
    }
  }

  private void ended(int code, String why) {
    if (!EXPECTED.contains(code)) {
      notes.add(Kind.UNEXPECTED, setup.name(), "closed with " + code + " " + why);
    }
    if (code == EXPIRED) {
      notes.expired.increment();
      startAnew();
    }
  }
}
