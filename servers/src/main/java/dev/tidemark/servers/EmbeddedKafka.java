package dev.tidemark.servers;

import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker in this process: the fastest to start. It cannot be killed; a test that must kill one
 * uses {@link ForkedKafka}.
 */
public final class EmbeddedKafka implements KafkaServer {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

  private final ServerConfig config;
  private final DataDirectory directory;
  private int port;
  private Duration startedIn = Duration.ZERO;
  private @Nullable Broker broker;

  public EmbeddedKafka(ServerConfig config) {
    this.config = config;
    this.directory = DataDirectory.of(config, "kafka");
    if (directory.isTemporary()) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close-kafka"));
    }
  }

  @Override
  public synchronized void start() {
    if (broker != null) {
      return;
    }
    long began = System.nanoTime();
    directory.lock();
    try {
      if (port == 0) {
        port = directory.port(config.port(), "Kafka");
      } else {
        FreePort.require(port, "Kafka");
      }
      Properties settings =
          Broker.settings(directory.path(), port, FreePort.pick(), config.settings());
      Broker.format(directory.path(), settings);
      broker = Broker.start(directory.path(), settings);
    } catch (RuntimeException e) {
      directory.unlock();
      throw e;
    }
    startedIn = Duration.ofNanos(System.nanoTime() - began);
    LOG.debug("Kafka listens on {} after {} ms", port, startedIn.toMillis());
  }

  @Override
  public synchronized void stop() {
    Broker running = broker;
    broker = null;
    if (running != null) {
      running.stop();
    }
    directory.unlock();
  }

  @Override
  public synchronized boolean isRunning() {
    return broker != null;
  }

  @Override
  public synchronized int port() {
    return port;
  }

  @Override
  public synchronized Duration startedIn() {
    return startedIn;
  }

  @Override
  public synchronized void close() {
    stop();
    directory.discard();
  }
}
