package dev.tidemark.pipeline.runtime;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A result that is too large for its topic becomes a dead letter of the record that caused it, and
 * the stream goes on; Streams itself would stop. Anything else that the broker refuses is an
 * outage.
 */
public final class UnwritableRecordHandler implements ProductionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UnwritableRecordHandler.class);

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    if (exception instanceof RetriableException) {
      return Response.retry();
    }
    if (!(exception instanceof RecordTooLargeException)) {
      return Response.fail();
    }
    return deadLetter(context, record.topic(), exception);
  }

  @Override
  @SuppressWarnings("rawtypes") // the interface is
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception exception,
      SerializationExceptionOrigin origin) {
    return deadLetter(context, record.topic(), exception);
  }

  @Override
  public void configure(Map<String, ?> configuration) {}

  private static Response deadLetter(
      ErrorHandlerContext context, String topic, Exception exception) {
    LOG.warn(
        "the result of {}-{}@{} cannot be written to {}; the record becomes a dead letter: {}",
        context.topic(),
        context.partition(),
        context.offset(),
        topic,
        exception.getMessage());
    return Response.resume(List.of(DeadLetters.of(context, exception)));
  }
}
