package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.entities.RelaySettings;
import dev.tidemark.api.live.LiveSettings;
import dev.tidemark.api.node.NodeSettings;
import dev.tidemark.api.pull.PullSettings;
import dev.tidemark.api.rate.RateSettings;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A broker, and nodes that follow the scoped changes on it. */
final class ChangesRig implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CATALOG =
      """
      version: 1
      entities:
        ticket:
          table: ticket
          key: id
          scope: "town/{town_id}"
        note:
          table: note
          key: id
          scope: "town/{town_id}"
      """;

  private final EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.temporary());
  private final Path directory;

  ChangesRig(Path directory) {
    this.directory = directory;
  }

  void start() {
    kafka.start();
    try {
      Files.writeString(directory.resolve("catalog.yml"), CATALOG);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String kafka() {
    return kafka.bootstrapServers();
  }

  RunningApi startNode(String name) {
    return startNode(name, LiveSettings.DEFAULTS);
  }

  RunningApi startNode(String name, LiveSettings live) {
    StreamsSettings streams = StreamsSettings.of(kafka.bootstrapServers(), directory.resolve(name));
    RunningApi node =
        Api.start(
            new ApiSettings(
                ApiUnderTest.HTTP,
                ApiUnderTest.TOKENS,
                Optional.empty(),
                RateSettings.DEFAULTS,
                RelaySettings.DEFAULTS,
                ApiUnderTest.SYNC,
                PullSettings.of(Tokens.SECRET),
                live,
                CacheSettings.of(ApiUnderTest.SYNC.postgres()),
                NodeSettings.of(directory.resolve("catalog.yml"), "127.0.0.1", 4, streams)));
    try {
      assertThat(node.awaitRunning(PATIENCE)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return node;
  }

  /** A token of the device {@code tablet-1}. */
  static String device(String... scopes) {
    return Tokens.signed(
        claims ->
            claims
                .subject("device")
                .claim("device", "tablet-1")
                .claim("roles", List.of("device"))
                .claim("scopes", List.of(scopes)));
  }

  @Override
  public void close() {
    kafka.close();
  }
}
