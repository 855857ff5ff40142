package dev.tidemark.standalone.system;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.servers.Server;

/** Whether a server of this machine runs. */
record ServerHealth(Server server) implements HealthComponent {
  @Override
  public String name() {
    return server.name();
  }

  @Override
  public Health check() {
    return server.isRunning()
        ? Health.up("runs on port " + server.port())
        : Health.down("does not run: see its log in the data directory");
  }
}
