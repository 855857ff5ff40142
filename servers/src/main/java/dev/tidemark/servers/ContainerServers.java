package dev.tidemark.servers;

import java.util.List;
import java.util.Locale;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** All three in containers, from the images that production uses. */
record ContainerServers(
    PostgreSQLContainer postgres, KafkaContainer broker, GenericContainer<?> redis)
    implements Servers {
  private static final int POSTGRES_PORT = 5432;
  private static final int REDIS_PORT = 6379;

  static ContainerServers start() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new TestAbortedException(
          "Skipped: tidemark.servers=containers, but no container engine answers here.");
    }
    ContainerServers servers =
        new ContainerServers(postgresContainer(), kafkaContainer(), redisContainer());
    try {
      Together.run(List.of(servers.postgres::start, servers.broker::start, servers.redis::start));
      return servers;
    } catch (ContainerFetchException e) {
      servers.close();
      throw new TestAbortedException("Skipped: no image can be had here: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  private static PostgreSQLContainer postgresContainer() {
    return new PostgreSQLContainer(DockerImageName.parse("postgres:18"))
        .withDatabaseName("tidemark")
        .withUsername("tidemark")
        .withPassword("tidemark")
        .withCommand(
            "postgres",
            "-c",
            "wal_level=logical",
            "-c",
            "max_replication_slots=32",
            "-c",
            "max_wal_senders=32");
  }

  private static KafkaContainer kafkaContainer() {
    KafkaContainer container = new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"));
    Broker.tuning().forEach((name, value) -> container.withEnv(variable(name), value));
    return container;
  }

  private static String variable(String setting) {
    return "KAFKA_" + setting.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  private static GenericContainer<?> redisContainer() {
    return new GenericContainer<>(DockerImageName.parse("redis:7"))
        .withExposedPorts(REDIS_PORT)
        .waitingFor(Wait.forListeningPort());
  }

  @Override
  public String postgresUrl() {
    return new PostgresUrl(
            postgres.getHost(),
            postgres.getMappedPort(POSTGRES_PORT),
            postgres.getDatabaseName(),
            postgres.getUsername(),
            postgres.getPassword())
        .libpq();
  }

  @Override
  public String kafka() {
    return broker.getBootstrapServers();
  }

  @Override
  public String redisUrl() {
    return "redis://" + redis.getHost() + ":" + redis.getMappedPort(REDIS_PORT);
  }

  @Override
  public void close() {
    Together.run(List.of(postgres::stop, broker::stop, redis::stop));
  }
}
