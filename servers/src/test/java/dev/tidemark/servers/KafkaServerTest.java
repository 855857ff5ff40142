package dev.tidemark.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaServerTest {
  private static final TopicPartition PARTITION = new TopicPartition("kept", 0);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void aRestartedBrokerKeepsItsRecordsAndItsPort(@TempDir Path data) throws Exception {
    try (EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.in(data))) {
      kafka.start();
      int port = kafka.port();
      createTopic(kafka);
      commit(kafka, "before");
      kafka.restart();
      assertThat(kafka.port()).isEqualTo(port);
      commit(kafka, "after");
      assertThat(read(kafka, 2)).containsExactly("before", "after");
      assertThat(kafka.startedIn()).isPositive();
    }
  }

  @Test
  void aKilledBrokerComesBackWithItsRecords(@TempDir Path data) throws Exception {
    try (ForkedKafka kafka = new ForkedKafka(ServerConfig.in(data))) {
      kafka.start();
      createTopic(kafka);
      commit(kafka, "before");
      kafka.kill();
      assertThat(kafka.isRunning()).isFalse();
      kafka.start();
      commit(kafka, "after");
      assertThat(read(kafka, 2)).containsExactly("before", "after");
    }
  }

  @Test
  void aTransactionThatWasOpenWhenTheBrokerWasKilledHoldsNobodyUp(@TempDir Path data)
      throws Exception {
    try (ForkedKafka kafka = new ForkedKafka(ServerConfig.in(data))) {
      kafka.start();
      createTopic(kafka);
      KafkaProducer<String, String> producer = impatientProducer(kafka, "cut-off");
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(PARTITION.topic(), "never committed")).get();
      kafka.kill();
      producer.close(Duration.ZERO);
      kafka.start();
      commit(kafka, "after");
      assertThat(read(kafka, 1)).containsExactly("after");
    }
  }

  @Test
  void transactionsAndFeaturesAreThoseOfProduction(@TempDir Path data) throws Exception {
    try (EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.in(data))) {
      kafka.start();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
        Map<String, Integer> levels = new HashMap<>();
        admin
            .describeFeatures()
            .featureMetadata()
            .get()
            .finalizedFeatures()
            .forEach((feature, range) -> levels.put(feature, (int) range.maxVersionLevel()));
        assertThat(levels)
            .containsEntry("transaction.version", 2)
            .containsEntry("share.version", 1)
            .containsEntry("streams.version", 1);
      }
    }
  }

  @Test
  void aSecondStartOnTheSameDataIsRefusedWithASentence(@TempDir Path data) {
    try (EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.in(data));
        ForkedKafka second = new ForkedKafka(ServerConfig.in(data))) {
      kafka.start();
      assertThatThrownBy(second::start)
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("is in use by process");
    }
  }

  private static void createTopic(KafkaServer kafka)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1))).all().get();
    }
  }

  private static KafkaProducer<String, String> producer(KafkaServer kafka, String id) {
    return producer(kafka, id, Map.of());
  }

  /** One whose transaction has timed out before a broker is back. */
  private static KafkaProducer<String, String> impatientProducer(KafkaServer kafka, String id) {
    return producer(
        kafka,
        id,
        Map.of(
            "transaction.timeout.ms",
            1_000,
            "delivery.timeout.ms",
            1_000,
            "request.timeout.ms",
            500));
  }

  private static KafkaProducer<String, String> producer(
      KafkaServer kafka, String id, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", kafka.bootstrapServers());
    all.put("transactional.id", id);
    return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
  }

  private static void commit(KafkaServer kafka, String value) {
    try (KafkaProducer<String, String> producer = producer(kafka, "servers-test")) {
      producer.initTransactions();
      producer.beginTransaction();
      var _ = producer.send(new ProducerRecord<>(PARTITION.topic(), value));
      producer.commitTransaction();
    }
  }

  private static List<String> read(KafkaServer kafka, int count) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "max.poll.records",
                count),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      List<String> values = new ArrayList<>();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofMillis(200))) {
          values.add(found.value());
        }
      }
      return values;
    }
  }
}
