package dev.tidemark.pipeline.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes a dead letter of a record: key, value and headers as they were, and beside them the reason
 * and the place, under the contract's names and under those that Kafka Streams uses.
 */
final class DeadLetters {
  static final String EXCEPTION = "__streams.errors.exception";
  static final String MESSAGE = "__streams.errors.message";
  static final String STACKTRACE = "__streams.errors.stacktrace";
  static final String TOPIC = "__streams.errors.topic";
  static final String PARTITION = "__streams.errors.partition";
  static final String OFFSET = "__streams.errors.offset";

  private DeadLetters() {}

  /** A dead letter of the record that the topology was working on. */
  static ProducerRecord<byte[], byte[]> of(ErrorHandlerContext place, Exception reason) {
    return of(place.sourceRawKey(), place.sourceRawValue(), place.headers(), place, reason);
  }

  static ProducerRecord<byte[], byte[]> of(
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      ErrorHandlerContext place,
      Exception reason) {
    Headers all = new RecordHeaders(headers);
    put(all, DeadLetterHeaders.REASON, String.valueOf(reason.getMessage()));
    put(all, DeadLetterHeaders.TOPIC, String.valueOf(place.topic()));
    put(all, EXCEPTION, reason.getClass().getName());
    put(all, MESSAGE, String.valueOf(reason.getMessage()));
    put(all, STACKTRACE, stackTrace(reason));
    put(all, TOPIC, String.valueOf(place.topic()));
    put(all, PARTITION, Integer.toString(place.partition()));
    put(all, OFFSET, Long.toString(place.offset()));
    // When it happened, so that whoever follows knows how late the news is.
    Long time = place.timestamp() < 0 ? null : place.timestamp();
    return new ProducerRecord<>(Topics.DEAD_LETTER.name(), null, time, key, value, all);
  }

  /**
   * Whether something other than the record is at fault: a store, the disk, a broker. Then the
   * record must be tried again, for a dead letter would be a lost change.
   */
  static boolean outage(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof KafkaException && !(cause instanceof SerializationException)) {
        return true;
      }
    }
    return false;
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(UTF_8));
  }

  private static String stackTrace(Exception reason) {
    StringWriter text = new StringWriter();
    reason.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
