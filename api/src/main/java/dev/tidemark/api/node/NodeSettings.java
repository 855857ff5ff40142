package dev.tidemark.api.node;

import static java.util.Objects.requireNonNull;

import dev.tidemark.api.settings.Variables;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.pipeline.scopelog.ScopeLogSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * What this process is as a node.
 *
 * @param catalog the catalog file
 * @param host under which other nodes reach this one
 * @param partitions over how many partitions entities are spread
 * @param streams what the topologies run with; the server in it is set once the port is known
 * @param scopeLog what the log of all scopes runs with
 */
public record NodeSettings(
    Path catalog, String host, int partitions, StreamsSettings streams, ScopeLogSettings scopeLog) {
  public static final String HOST = "localhost";
  public static final int PARTITIONS = 4;

  public NodeSettings {
    requireNonNull(catalog, "catalog is null");
    requireNonNull(host, "host is null");
    requireNonNull(streams, "streams is null");
    requireNonNull(scopeLog, "scopeLog is null");
    if (partitions < 1) {
      throw new IllegalArgumentException("TIDEMARK_PARTITIONS must be at least 1");
    }
  }

  public static NodeSettings from(Map<String, String> environment) {
    Variables variables = new Variables(environment);
    StreamsSettings streams = StreamsSettings.from(environment, null);
    return new NodeSettings(
        variables
            .text("TIDEMARK_CATALOG")
            .map(Path::of)
            .orElseThrow(
                () ->
                    new IllegalArgumentException("TIDEMARK_CATALOG is not set: the catalog file")),
        variables.text("TIDEMARK_NODE_HOST", HOST),
        variables.number("TIDEMARK_PARTITIONS", PARTITIONS),
        streams,
        ScopeLogSettings.from(environment, streams.kafka(), streams.stateDirectory()));
  }

  /** A node whose scope log has its defaults. */
  public static NodeSettings of(
      Path catalog, String host, int partitions, StreamsSettings streams) {
    return new NodeSettings(
        catalog,
        host,
        partitions,
        streams,
        ScopeLogSettings.of(streams.kafka(), streams.stateDirectory()));
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
