package dev.tidemark.bench.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends a batch, waits for all acknowledgements, marks it: as Debezium Server's Kafka sink does.
 */
final class JsonSink implements ChangeConsumer<ChangeEvent<String, String>> {
  private final KafkaProducer<byte[], byte[]> producer;

  JsonSink(Properties properties) {
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  // The callback says all that the future would.
  @SuppressWarnings("FutureReturnValueIgnored")
  @Override
  public void handleBatch(
      List<ChangeEvent<String, String>> records,
      RecordCommitter<ChangeEvent<String, String>> committer)
      throws InterruptedException {
    CountDownLatch acknowledged = new CountDownLatch(records.size());
    AtomicReference<Exception> failure = new AtomicReference<>();
    for (ChangeEvent<String, String> event : records) {
      byte[] value = event.value() == null ? null : event.value().getBytes(UTF_8);
      producer.send(
          new ProducerRecord<>(event.destination(), null, event.key().getBytes(UTF_8), value),
          (_, problem) -> {
            if (problem != null) {
              failure.set(problem);
            }
            acknowledged.countDown();
          });
    }
    acknowledged.await();
    if (failure.get() != null) {
      throw new IllegalStateException("a record could not be sent", failure.get());
    }
    for (ChangeEvent<String, String> event : records) {
      committer.markProcessed(event);
    }
    committer.markBatchFinished();
  }
}
