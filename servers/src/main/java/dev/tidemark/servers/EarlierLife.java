package dev.tidemark.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the controller still believes of a broker that was killed.
 *
 * <p>It believes that the broker lives until its session ends, and refuses its next life so long.
 * Worse, that next life takes the old leaderships up meanwhile, finds transactions to complete, and
 * loses them when the session ends: a partition without a leader is taken for a deleted one (Kafka
 * 4.3), its marker is dropped, and whoever reads committed records waits there for ever. So the
 * controller is run alone first, until it has given the earlier life up.
 */
final class EarlierLife {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierLife.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 20;

  private EarlierLife() {}

  /** Ends it if there is one. Returns when a broker can start on the data. */
  static void end(Path directory, Properties settings) {
    Path log = directory.resolve("log");
    if (!hasPartitions(log) || Files.exists(log.resolve(".kafka_cleanshutdown"))) {
      return;
    }
    long began = System.nanoTime();
    KafkaRaftServer controller =
        new KafkaRaftServer(KafkaConfig.fromProps(alone(settings), false), Time.SYSTEM);
    controller.startup();
    try {
      awaitFenced();
    } finally {
      controller.shutdown();
      controller.awaitShutdown();
    }
    LOG.debug(
        "Kafka's earlier life was ended after {} ms",
        Duration.ofNanos(System.nanoTime() - began).toMillis());
  }

  /** Only a broker that was registered has any. */
  private static boolean hasPartitions(Path log) {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            log, each -> Files.isDirectory(each) && !each.endsWith("__cluster_metadata-0"))) {
      return found.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties alone(Properties settings) {
    Properties alone = new Properties();
    alone.putAll(settings);
    alone.remove("advertised.listeners");
    alone.putAll(
        Map.of(
            "process.roles",
            "controller",
            "listeners",
            "CONTROLLER://" + controller(settings),
            "broker.heartbeat.interval.ms",
            "50",
            "broker.session.timeout.ms",
            "100"));
    return alone;
  }

  private static String controller(Properties settings) {
    String voter = settings.getProperty("controller.quorum.voters");
    return voter.substring(voter.indexOf('@') + 1);
  }

  private static void awaitFenced() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (brokers("Fenced") == 0 || brokers("Active") > 0) {
        if (System.nanoTime() > deadline) {
          throw new ServerException(
              "Kafka's controller does not give up the broker that was killed before.");
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while starting Kafka.", e);
    }
  }

  /** The controller's own figure; a controller has no other door for it. */
  private static int brokers(String state) {
    try {
      ObjectName name =
          new ObjectName("kafka.controller:type=KafkaController,name=" + state + "BrokerCount");
      return ((Number) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "Value"))
          .intValue();
    } catch (InstanceNotFoundException e) {
      return 0;
    } catch (JMException e) {
      throw new ServerException("Kafka's controller does not tell of its brokers.", e);
    }
  }
}
