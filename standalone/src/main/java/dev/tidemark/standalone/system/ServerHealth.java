package dev.tidemark.standalone.system;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.servers.Server;

/**
 * Whether a server of this machine runs.
 *
 * @param needed whether the system cannot do its work without it
 */
record ServerHealth(Server server, boolean needed) implements HealthComponent {
  @Override
  public String name() {
    return server.name();
  }

  @Override
  public Health check() {
    if (server.isRunning()) {
      return Health.up("runs on port " + server.port());
    }
    String why = "does not run: see its log in the data directory";
    return needed ? Health.down(why) : Health.degraded(why);
  }
}
