package dev.tidemark.connectors.write;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.SubmittedBatch;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/** A record that was taken from Kafka, and what it says. */
record Held(ConsumerRecord<byte[], byte[]> record, Content content) {
  /** What a record says. */
  sealed interface Content {}

  /** A write. */
  record Write(Pending pending) implements Content {}

  /** A batch. */
  record Batch(SubmittedBatch batch) implements Content {}

  /** Nothing that can be understood. */
  record Poison(String reason) implements Content {}

  static Held of(ConsumerRecord<byte[], byte[]> record) {
    return new Held(record, read(record));
  }

  TopicPartition partition() {
    return new TopicPartition(record.topic(), record.partition());
  }

  private static Content read(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null) {
      return new Poison("the record has no value");
    }
    try {
      if (record.topic().equals(Topics.BATCH.name())) {
        return new Batch(
            requireNonNull(
                Topics.BATCH.valueSerde().deserializer().deserialize(record.topic(), value)));
      }
      RowWrite write =
          requireNonNull(
              Topics.WRITE.valueSerde().deserializer().deserialize(record.topic(), value));
      for (RowWrite.Entry entry : write.entries()) {
        requireId(entry.submission().operation().id());
      }
      return new Write(new Pending(write, value.length));
    } catch (SerializationException | IllegalArgumentException | NullPointerException e) {
      return new Poison(String.valueOf(e.getMessage()));
    }
  }

  /** The ledger prints an id in one form only, and is compared with what was sent. */
  private static void requireId(String id) {
    if (!UUID.fromString(id).toString().equals(id)) {
      throw new IllegalArgumentException("'" + id + "' is not an operation's id");
    }
  }
}
