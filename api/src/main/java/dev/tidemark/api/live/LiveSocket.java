package dev.tidemark.api.live;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.pull.Changes;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.security.Role;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.pipeline.scopelog.core.Reading;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.annotation.Secured;
import io.micronaut.websocket.WebSocketPongMessage;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnClose;
import io.micronaut.websocket.annotation.OnError;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The WebSocket: it hears what is wanted, and the rest is the hub's. */
@ServerWebSocket(value = "/api/sync/live", subprotocols = "tidemark.v1")
@Secured(Role.IS_DEVICE)
class LiveSocket {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSocket.class);
  private static final String LINE = "tidemark.line";
  private static final String CALLER = "tidemark.caller";
  private static final String SUBSCRIBER = "tidemark.subscriber";

  private final Catalog catalog;
  private final Changes changes;
  private final LiveHub hub;

  LiveSocket(Catalog catalog, Changes changes, LiveHub hub) {
    this.catalog = catalog;
    this.changes = changes;
    this.hub = hub;
  }

  @OnOpen
  void open(WebSocketSession session, HttpRequest<?> request) {
    SocketLine line = new SocketLine(session);
    session.put(LINE, line);
    session.put(CALLER, Caller.of(request).orElseThrow());
    hub.greet(line);
  }

  @OnMessage(maxPayloadLength = 64 << 10)
  void message(String message, WebSocketSession session) {
    SocketLine line = session.get(LINE, SocketLine.class).orElseThrow();
    Optional<Subscriber> before = subscriber(session);
    before.ifPresent(Subscriber::heard);
    try {
      Optional<Subscription> subscription = Subscription.read(message, catalog);
      if (subscription.isPresent()) {
        before.ifPresent(hub::remove);
        subscribe(session, line, subscription.get());
      }
    } catch (ProblemException e) {
      line.end(Ending.of(e.problem()));
    } catch (AwayException e) {
      LOG.debug("Nobody can listen to this node right now", e);
      line.end(Ending.goingAway());
    }
  }

  private void subscribe(WebSocketSession session, SocketLine line, Subscription subscription) {
    Caller caller = session.get(CALLER, Caller.class).orElseThrow();
    Reading reading =
        subscription
            .cursor()
            .map(
                cursor ->
                    changes.reading(
                        cursor,
                        subscription.typesNamed()
                            ? Optional.of(subscription.types())
                            : Optional.empty(),
                        caller))
            .orElse(null);
    Subscriber subscriber = new Subscriber(subscription, reading, caller, line, changes);
    session.put(SUBSCRIBER, subscriber);
    hub.seat(line);
    hub.add(subscriber);
  }

  @OnMessage
  void pong(WebSocketPongMessage pong, WebSocketSession session) {
    subscriber(session).ifPresent(Subscriber::heard);
  }

  @OnClose
  void close(WebSocketSession session) {
    session.get(LINE, SocketLine.class).ifPresent(hub::seat);
    subscriber(session).ifPresent(hub::remove);
  }

  @OnError
  void error(Throwable error, WebSocketSession session) {
    LOG.debug("A connection failed", error);
    session.get(LINE, SocketLine.class).ifPresent(line -> line.end(Ending.broken()));
  }

  private static Optional<Subscriber> subscriber(WebSocketSession session) {
    return session.get(SUBSCRIBER, Subscriber.class);
  }
}
