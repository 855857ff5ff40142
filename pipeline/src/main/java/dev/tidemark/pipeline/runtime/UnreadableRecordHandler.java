package dev.tidemark.pipeline.runtime;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A record whose bytes say nothing becomes a dead letter, and the stream goes on. */
public final class UnreadableRecordHandler implements DeserializationExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecordHandler.class);

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    LOG.warn(
        "record {}-{}@{} cannot be read and becomes a dead letter: {}",
        record.topic(),
        record.partition(),
        record.offset(),
        exception.getMessage());
    return Response.resume(
        List.of(
            DeadLetters.of(record.key(), record.value(), record.headers(), context, exception)));
  }

  @Override
  public void configure(Map<String, ?> configuration) {}
}
