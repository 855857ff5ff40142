package dev.tidemark.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** One node that is broker and controller, in this process. */
final class Broker {
  /** The file of its settings in its directory. */
  static final String SETTINGS = "server.properties";

  private final KafkaRaftServer server;

  private Broker(KafkaRaftServer server) {
    this.server = server;
  }

  /** The settings of a node that keeps its data in a directory. */
  static Properties settings(
      Path directory, int port, int controllerPort, Map<String, String> own) {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "node.id",
            "1",
            "process.roles",
            "broker,controller",
            "log.dirs",
            directory.resolve("log").toString(),
            "listeners",
            "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
            "advertised.listeners",
            "PLAINTEXT://127.0.0.1:" + port,
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.listener.names",
            "CONTROLLER",
            "controller.quorum.voters",
            "1@127.0.0.1:" + controllerPort));
    settings.putAll(tuning());
    // The controller lives and dies with its broker, so it has nothing to guess: only a process
    // that was stopped for long would be given up, and lose the transactions of that moment.
    settings.put("broker.session.timeout.ms", "60000");
    settings.putAll(own);
    return settings;
  }

  /** What every node here is set to, in a container as well. */
  static Map<String, String> tuning() {
    Map<String, String> tuning = new TreeMap<>();
    // One node holds everything.
    tuning.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "4",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "4",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "share.coordinator.state.topic.num.partitions", "2",
            "auto.create.topics.enable", "false"));
    // Large records, and a snapshot of a large table in one transaction.
    tuning.putAll(
        Map.of(
            "message.max.bytes", "16777216",
            "transaction.max.timeout.ms", "3600000"));
    // A client that dies is noticed within seconds.
    tuning.putAll(
        Map.of(
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500",
            "group.min.session.timeout.ms", "1000",
            "group.initial.rebalance.delay.ms", "0",
            "group.consumer.min.session.timeout.ms", "1000",
            "group.consumer.min.heartbeat.interval.ms", "200",
            "group.streams.min.session.timeout.ms", "1000",
            "group.streams.min.heartbeat.interval.ms", "200",
            "group.streams.initial.rebalance.delay.ms", "0"));
    // A transaction that begins while the markers of the last one are being written is tried again
    // at once; the default, 20 ms, would be most of a change's latency.
    tuning.put("add.partitions.to.txn.retry.backoff.ms", "1");
    // And it is modest with memory.
    tuning.putAll(
        Map.of(
            "broker.heartbeat.interval.ms", "500",
            "num.network.threads", "2",
            "num.io.threads", "4",
            "log.cleaner.dedupe.buffer.size", "8388608",
            "log.index.size.max.bytes", "2097152"));
    return tuning;
  }

  /** Writes the node's settings down and gives its directory the form it needs, once. */
  static void format(Path directory, Properties settings) {
    try {
      Path file = directory.resolve(SETTINGS);
      StringBuilder text = new StringBuilder("# Written anew at every start.\n");
      settings.stringPropertyNames().stream()
          .sorted()
          .forEach(
              name ->
                  text.append(name).append('=').append(settings.getProperty(name)).append('\n'));
      Files.writeString(file, text);
      if (Files.exists(directory.resolve("log").resolve("meta.properties"))) {
        return;
      }
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      int status =
          StorageTool.execute(
              new String[] {
                "format",
                "--config",
                file.toString(),
                "--cluster-id",
                Uuid.randomUuid().toString(),
                "--ignore-formatted"
              },
              new PrintStream(output, true, StandardCharsets.UTF_8));
      if (status != 0) {
        throw new ServerException(
            "Kafka cannot set up its data: " + output.toString(StandardCharsets.UTF_8).strip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the node on a formatted directory and returns when it accepts records. */
  static Broker start(Path directory, Properties settings) {
    EarlierLife.end(directory, settings);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
    server.startup();
    return new Broker(server);
  }

  void stop() {
    server.shutdown();
    server.awaitShutdown();
  }
}
