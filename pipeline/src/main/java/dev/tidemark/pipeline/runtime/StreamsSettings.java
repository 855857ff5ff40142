package dev.tidemark.pipeline.runtime;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment may choose about its topologies; all else is {@link StreamsPolicy}.
 *
 * @param kafka the bootstrap servers
 * @param stateDirectory where the stores are
 * @param server {@code host:port} under which other nodes reach this one; null if it is alone
 * @param threads how many threads work in this process, per topology
 * @param standbys how many other nodes keep a warm copy of each store
 * @param replication the replication factor of changelogs
 * @param commitInterval how long a result may wait to become visible
 * @param sessionTimeout after how long without a sign of life a node counts as gone
 * @param transactionTimeout after how long the broker gives up a transaction of a node that is gone
 * @param storeMemory how much native memory all stores of this process may use, in bytes
 */
public record StreamsSettings(
    String kafka,
    Path stateDirectory,
    @Nullable String server,
    int threads,
    int standbys,
    int replication,
    Duration commitInterval,
    Duration sessionTimeout,
    Duration transactionTimeout,
    long storeMemory) {
  static final long MEBIBYTE = 1024 * 1024;

  public StreamsSettings {
    requireNonNull(kafka, "kafka is null");
    requireNonNull(stateDirectory, "stateDirectory is null");
    if (server != null && !server.matches("[^:/\\s]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d{1,5}")) {
      throw new IllegalArgumentException("'" + server + "' is not of the form host:port");
    }
    atLeast("threads", threads, 1);
    atLeast("standbys", standbys, 0);
    atLeast("replication", replication, 1);
    atLeast("commitInterval in ms", commitInterval.toMillis(), 1);
    atLeast("sessionTimeout in ms", sessionTimeout.toMillis(), 1_000);
    atLeast("transactionTimeout in ms", transactionTimeout.toMillis(), 1_000);
    atLeast("storeMemory", storeMemory, 16 * MEBIBYTE);
    if (commitInterval.compareTo(transactionTimeout) >= 0) {
      throw new IllegalArgumentException(
          "a transaction that may last "
              + transactionTimeout
              + " cannot commit every "
              + commitInterval);
    }
  }

  /** Settings with every choice at its default. */
  public static StreamsSettings of(String kafka, Path stateDirectory) {
    return new StreamsSettings(
        kafka,
        stateDirectory,
        null,
        1,
        0,
        1,
        Duration.ofMillis(10),
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        256 * MEBIBYTE);
  }

  /**
   * Reads the environment.
   *
   * @param server {@code host:port} of this node, which only the process itself knows
   */
  public static StreamsSettings from(Map<String, String> environment, @Nullable String server) {
    String kafka = environment.get("TIDEMARK_KAFKA");
    if (kafka == null || kafka.isBlank()) {
      throw new IllegalArgumentException("TIDEMARK_KAFKA is not set: the bootstrap servers");
    }
    StreamsSettings defaults =
        of(kafka, Path.of(environment.getOrDefault("TIDEMARK_STATE_DIR", ".tidemark/state")));
    return new StreamsSettings(
        defaults.kafka,
        defaults.stateDirectory,
        server,
        read(environment, "TIDEMARK_STREAMS_THREADS", Integer::valueOf, defaults.threads),
        read(environment, "TIDEMARK_STREAMS_STANDBYS", Integer::valueOf, defaults.standbys),
        read(environment, "TIDEMARK_REPLICATION", Integer::valueOf, defaults.replication),
        read(
            environment,
            "TIDEMARK_STREAMS_COMMIT_INTERVAL_MS",
            StreamsSettings::milliseconds,
            defaults.commitInterval),
        read(
            environment,
            "TIDEMARK_STREAMS_SESSION_TIMEOUT_MS",
            StreamsSettings::milliseconds,
            defaults.sessionTimeout),
        read(
            environment,
            "TIDEMARK_STREAMS_TRANSACTION_TIMEOUT_MS",
            StreamsSettings::milliseconds,
            defaults.transactionTimeout),
        read(
            environment,
            "TIDEMARK_STREAMS_STORE_MEMORY_MIB",
            text -> Long.parseLong(text) * MEBIBYTE,
            defaults.storeMemory));
  }

  private static Duration milliseconds(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }

  private static <T> T read(
      Map<String, String> environment, String name, Function<String, T> parse, T otherwise) {
    String text = environment.get(name);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      return parse.apply(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + text + "', which is no number", e);
    }
  }

  private static void atLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " is " + value + ", below " + least);
    }
  }
}
