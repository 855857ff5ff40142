package dev.tidemark.servers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a server keeps its data and how it is set.
 *
 * @param directory where the data is; null for a temporary directory that goes with the server
 * @param port the port to listen on; 0 for the one it had before, or else any free one
 * @param settings the server's own settings, over those it has here by default
 */
public record ServerConfig(@Nullable Path directory, int port, Map<String, String> settings) {
  public ServerConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(port + " is not a port");
    }
    settings = Map.copyOf(settings);
  }

  public static ServerConfig temporary() {
    return new ServerConfig(null, 0, Map.of());
  }

  public static ServerConfig in(Path directory) {
    return new ServerConfig(directory, 0, Map.of());
  }

  public ServerConfig withPort(int newPort) {
    return new ServerConfig(directory, newPort, settings);
  }

  public ServerConfig with(String setting, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(setting, value);
    return new ServerConfig(directory, port, more);
  }
}
