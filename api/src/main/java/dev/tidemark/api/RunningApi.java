package dev.tidemark.api;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;

/** An api that answers. */
public final class RunningApi implements AutoCloseable {
  private final ApplicationContext context;
  private final EmbeddedServer server;

  RunningApi(ApplicationContext context, EmbeddedServer server) {
    this.context = context;
    this.server = server;
  }

  public int port() {
    return server.getPort();
  }

  ApplicationContext context() {
    return context;
  }

  /** Stops taking requests, lets those under way end, and stops everything behind them. */
  @Override
  public void close() {
    server.stop();
    context.close();
  }
}
