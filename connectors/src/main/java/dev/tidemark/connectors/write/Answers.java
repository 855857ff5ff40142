package dev.tidemark.connectors.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.sync.WriteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends what the writer has to say. What was not sent stays until it is. One thread. */
final class Answers implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<ProducerRecord<byte[], byte[]>> unsent = new ArrayList<>();

  Answers(WriterSettings settings) {
    producer =
        new KafkaProducer<>(
            configuration(settings), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Properties configuration(WriterSettings settings) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka());
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-writer");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_RECORD_BYTES);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return properties;
  }

  void add(WriteAnswer answer) {
    String topic = Topics.WRITE_ANSWER.name();
    unsent.add(
        new ProducerRecord<>(
            topic,
            answer.key().bytes(),
            Topics.WRITE_ANSWER.valueSerde().serializer().serialize(topic, answer)));
  }

  void addDeadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {
    Headers headers = new RecordHeaders(record.headers());
    headers.add(DeadLetterHeaders.REASON, reason.getBytes(UTF_8));
    headers.add(DeadLetterHeaders.TOPIC, record.topic().getBytes(UTF_8));
    unsent.add(
        new ProducerRecord<>(
            Topics.DEAD_LETTER.name(), null, null, record.key(), record.value(), headers));
  }

  /**
   * Sends all that is unsent, and returns when Kafka has it.
   *
   * @throws KafkaException if Kafka has not taken it; then some of it may be sent twice
   */
  void send() throws InterruptedException {
    if (unsent.isEmpty()) {
      return;
    }
    List<Future<RecordMetadata>> sent = new ArrayList<>(unsent.size());
    unsent.forEach(record -> sent.add(producer.send(record)));
    producer.flush();
    try {
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new KafkaException("answers could not be sent", e.getCause());
    }
    unsent.clear();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
