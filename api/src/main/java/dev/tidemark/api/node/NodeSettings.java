package dev.tidemark.api.node;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.settings.Variables;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * What this process is as a node.
 *
 * @param catalog the catalog file
 * @param host under which other nodes reach this one
 * @param partitions over how many partitions entities are spread
 * @param streams what the topologies run with; the server in it is set once the port is known
 */
public record NodeSettings(Path catalog, String host, int partitions, StreamsSettings streams) {
  public static final String HOST = "localhost";
  public static final int PARTITIONS = 4;

  public NodeSettings {
    requireNonNull(catalog, "catalog is null");
    requireNonNull(host, "host is null");
    requireNonNull(streams, "streams is null");
    if (partitions < 1) {
      throw new IllegalArgumentException("TIDEMARK_PARTITIONS must be at least 1");
    }
  }

  public static NodeSettings from(Map<String, String> environment) {
    Variables variables = new Variables(environment);
    return new NodeSettings(
        variables
            .text("TIDEMARK_CATALOG")
            .map(Path::of)
            .orElseThrow(
                () ->
                    new IllegalArgumentException("TIDEMARK_CATALOG is not set: the catalog file")),
        variables.text("TIDEMARK_NODE_HOST", HOST),
        variables.number("TIDEMARK_PARTITIONS", PARTITIONS),
        StreamsSettings.from(environment, null));
  }

  /** The settings of the topologies of a node that answers on this port. */
  StreamsSettings streamsOn(int port) {
    return new StreamsSettings(
        streams.kafka(),
        streams.stateDirectory(),
        host + ":" + port,
        streams.threads(),
        streams.standbys(),
        streams.replication(),
        streams.commitInterval(),
        streams.sessionTimeout(),
        streams.transactionTimeout(),
        streams.storeMemory());
  }
}
