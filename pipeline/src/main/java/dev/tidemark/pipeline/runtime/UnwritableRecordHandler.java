package dev.tidemark.pipeline.runtime;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A result that cannot be turned into bytes becomes a dead letter of the record that caused it. A
 * result that the producer or the broker refuses is an outage: its transaction can only be aborted,
 * so going on would lose records, and a dead letter sent from here would wait for the very thread
 * that sends it. {@link LimitedSerde} sees to it that size is no reason to refuse.
 */
public final class UnwritableRecordHandler implements ProductionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UnwritableRecordHandler.class);

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    if (exception instanceof RetriableException) {
      return Response.retry();
    }
    LOG.error(
        "the result of {}-{}@{} for {} was refused, and the topology stands until that is mended: {}",
        context.topic(),
        context.partition(),
        context.offset(),
        record.topic(),
        exception.getMessage());
    return Response.fail();
  }

  @Override
  @SuppressWarnings("rawtypes") // the interface is
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception exception,
      SerializationExceptionOrigin origin) {
    LOG.warn(
        "the {} of the result of {}-{}@{} for {} cannot be written; the record becomes a dead"
            + " letter: {}",
        origin,
        context.topic(),
        context.partition(),
        context.offset(),
        record.topic(),
        exception.getMessage());
    return Response.resume(List.of(DeadLetters.of(context, exception)));
  }

  @Override
  public void configure(Map<String, ?> configuration) {}
}
