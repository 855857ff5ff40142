package dev.tidemark.bench.capture;

import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ForkedKafka;
import dev.tidemark.servers.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The servers that all contenders share, and a place on them for each. */
final class Ground implements AutoCloseable {
  private static final int PARTITIONS = 4;
  private static final String WARM_UP = "warm-up";
  private static final int WARM_UP_BYTES = 200;

  private final Path directory;
  private final EmbeddedPostgres18 postgres;
  private final ForkedKafka kafka;

  Ground() throws IOException {
    directory = Files.createTempDirectory("tidemark-bench");
    // Nothing happens in the middle of a drain that another contender did not have as well.
    postgres =
        new EmbeddedPostgres18(
            ServerConfig.temporary()
                .with("max_wal_size", "8GB")
                .with("checkpoint_timeout", "1h")
                .with("autovacuum", "off"));
    kafka = ForkedKafka.forLoad(ServerConfig.temporary());
    postgres.start();
    kafka.start();
  }

  /**
   * Has the broker compiled before anybody is measured on it. Until it is, a transaction takes five
   * times as long, and contenders would be told apart by who comes first.
   */
  void warmUp(Duration duration) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka(), "transactional.id", WARM_UP),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic(WARM_UP, PARTITIONS, (short) 1))).all().get();
      producer.initTransactions();
      long end = System.nanoTime() + duration.toNanos();
      for (int i = 0; System.nanoTime() < end; i++) {
        producer.beginTransaction();
        for (int partition = 0; partition < PARTITIONS; partition++) {
          var _ =
              producer.send(
                  new ProducerRecord<>(
                      WARM_UP, partition, new byte[] {(byte) i}, new byte[WARM_UP_BYTES]));
        }
        producer.commitTransaction();
      }
      admin.deleteTopics(List.of(WARM_UP)).all().get();
    }
  }

  Path directory() {
    return directory;
  }

  String postgresUrl() {
    return postgres.url().libpq();
  }

  String kafka() {
    return "127.0.0.1:" + kafka.port();
  }

  Connection connect() throws SQLException {
    return postgres.connect();
  }

  /** Makes a contender's table and whatever else it finds when it begins; returns its writer. */
  Workload prepare(Contender contender)
      throws SQLException, InterruptedException, ExecutionException {
    Workload workload = new Workload(connect(), contender.place());
    switch (contender.seen()) {
      case IN_PROCESS -> slot(contender);
      case IN_DEBEZIUM_TOPIC -> {
        slot(contender);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
          admin
              .createTopics(List.of(new NewTopic(topic(contender), PARTITIONS, (short) 1)))
              .all()
              .get();
        }
      }
      case IN_CHANGE_TOPIC -> {
        Catalog catalog = ContenderMain.catalog();
        if (TopicProvisioner.provision(kafka(), Topics.of(catalog), PARTITIONS, 1)
            instanceof Provisioning.Unfit(List<String> complaints)) {
          throw new IllegalStateException(String.join("; ", complaints));
        }
      }
    }
    return workload;
  }

  private void slot(Contender contender) throws SQLException {
    execute(
        "CREATE PUBLICATION " + contender.place() + " FOR TABLE " + contender.place(),
        "SELECT pg_create_logical_replication_slot('" + contender.place() + "', 'pgoutput')");
  }

  static String topic(Contender contender) {
    return switch (contender.seen()) {
      case IN_CHANGE_TOPIC -> Topics.changeName(contender.place());
      case IN_DEBEZIUM_TOPIC, IN_PROCESS -> contender.place() + ".public." + contender.place();
    };
  }

  /** Lets go of what a contender held, so that it does not weigh on the next one. */
  void release(Contender contender) throws SQLException {
    execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
            + contender.place()
            + "' AND NOT active",
        "DROP TABLE " + contender.place(),
        "CHECKPOINT");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() {
    kafka.close();
    postgres.close();
  }
}
