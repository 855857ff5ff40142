package dev.tidemark.api;

import dev.tidemark.api.live.LiveHub;
import dev.tidemark.api.node.Node;
import dev.tidemark.api.sync.ledger.PostgresLedger;
import dev.tidemark.api.workers.Orders;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;

/** An api that answers. */
public final class RunningApi implements AutoCloseable {
  private final ApplicationContext context;
  private final EmbeddedServer server;
  private final Node node;
  private final LiveHub hub;
  private final Orders orders;
  private final PostgresLedger ledger;
  private final CachePart cache;

  RunningApi(
      ApplicationContext context,
      EmbeddedServer server,
      Node node,
      LiveHub hub,
      Orders orders,
      PostgresLedger ledger,
      CachePart cache) {
    this.context = context;
    this.server = server;
    this.node = node;
    this.hub = hub;
    this.orders = orders;
    this.ledger = ledger;
    this.cache = cache;
  }

  public int port() {
    return server.getPort();
  }

  /** Waits until the node has joined the others and restored what it owns. */
  public boolean awaitRunning(Duration atMost) throws InterruptedException {
    return node.awaitRunning(atMost);
  }

  /** A part of it. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  /**
   * Stops answering while the node stays a member, as a process does that hangs or has just died.
   */
  void stopAnswering() {
    server.stop();
  }

  /** Stops taking requests, leaves the other nodes, and stops everything behind. */
  @Override
  public void close() {
    hub.close();
    orders.close();
    server.stop();
    node.close();
    context.close();
    ledger.close();
    cache.close();
  }
}
