package dev.tidemark.api.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.ProblemJson;
import dev.tidemark.api.request.RequestId;
import io.micronaut.websocket.CloseReason;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.exceptions.WebSocketSessionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket as a line: one JSON object a message. */
final class SocketLine implements Line {
  private static final Logger LOG = LoggerFactory.getLogger(SocketLine.class);
  private static final byte[] PING = {};
  private static final String PATH = "/api/sync/live";

  private final WebSocketSession session;

  SocketLine(WebSocketSession session) {
    this.session = session;
  }

  @Override
  public boolean isReady() {
    return session.isWritable();
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public void changes(byte[] changes, String cursor) {
    send(
        "{\"type\":\"changes\",\"changes\":"
            + new String(changes, UTF_8)
            + ",\"cursor\":\""
            + cursor
            + "\"}");
  }

  @Override
  public void caughtUp(String cursor) {
    send("{\"type\":\"caught_up\",\"cursor\":\"" + cursor + "\"}");
  }

  @Override
  public void outcome(ObjectNode outcome) {
    send("{\"type\":\"outcome\",\"outcome\":" + outcome + "}");
  }

  @Override
  public void heartbeat(String cursor) {
    send(
        cursor.isEmpty()
            ? "{\"type\":\"heartbeat\"}"
            : "{\"type\":\"heartbeat\",\"cursor\":\"" + cursor + "\"}");
  }

  @Override
  public void ask() {
    unlessClosed(
        () -> {
          var _ = session.sendPingAsync(PING);
        });
  }

  @Override
  public void end(Ending ending) {
    RequestId id = RequestId.fresh();
    LOG.atInfo()
        .addKeyValue("requestId", id.text())
        .addKeyValue("code", ending.code())
        .log("A live connection is ended: {}", ending.problem().type().slug());
    String problem = new String(ProblemJson.bytes(ending.problem(), PATH, id), UTF_8);
    send("{\"type\":\"error\",\"problem\":" + problem + "}");
    unlessClosed(
        () -> session.close(new CloseReason(ending.code(), ending.problem().type().title())));
  }

  private void send(String message) {
    unlessClosed(
        () -> {
          var _ = session.sendAsync(message);
        });
  }

  /** The other side may go at any moment, and that it has is told by the socket. */
  private static void unlessClosed(Runnable sending) {
    try {
      sending.run();
    } catch (WebSocketSessionException e) {
      LOG.debug("A connection is closed already", e);
    }
  }
}
