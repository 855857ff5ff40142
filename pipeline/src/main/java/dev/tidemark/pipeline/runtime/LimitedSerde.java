package dev.tidemark.pipeline.runtime;

import dev.tidemark.contract.Topic;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Refuses a value that is too large for a record while it is written, and every topology writes its
 * results and its stores through it.
 *
 * <p>There is no later chance. Once the producer has refused a record, its transaction can only be
 * aborted, and the next attempt ends the same way. What fails here fails in the processor's thread
 * with the transaction whole, and the record that caused it becomes a dead letter.
 */
public final class LimitedSerde {
  private LimitedSerde() {}

  /** A serde for values of at most {@link Topic#MAX_RECORD_BYTES}. */
  public static <T> Serde<T> of(Serde<T> serde) {
    return of(serde, Topic.MAX_RECORD_BYTES);
  }

  static <T> Serde<T> of(Serde<T> serde, int maxBytes) {
    Serializer<T> serializer = serde.serializer();
    return Serdes.serdeFrom(
        (topic, value) -> {
          byte[] bytes = serializer.serialize(topic, value);
          if (bytes != null && bytes.length > maxBytes) {
            throw new SerializationException(
                "the result for "
                    + topic
                    + " has "
                    + bytes.length
                    + " bytes, and a record may have "
                    + maxBytes);
          }
          return bytes;
        },
        serde.deserializer());
  }
}
