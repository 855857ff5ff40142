package dev.tidemark.standalone.system;

import dev.tidemark.servers.Server;

/** A server on this machine. */
record ServerPart(Server server) implements Part {
  @Override
  public String name() {
    return server.name();
  }

  @Override
  public void start() {
    server.start();
  }

  @Override
  public String where() {
    return "127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    server.close();
  }
}
