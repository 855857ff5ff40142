package dev.tidemark.pipeline.runtime;

import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record that a processor cannot work with becomes a dead letter, and the stream goes on. If the
 * store or a broker is at fault, the thread fails instead and the record is tried again.
 */
public final class FailedRecordHandler implements ProcessingExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FailedRecordHandler.class);

  @Override
  public Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    if (DeadLetters.outage(exception)) {
      LOG.error(
          "record {}-{}@{} cannot be processed now and will be tried again: {}",
          context.topic(),
          context.partition(),
          context.offset(),
          exception.getMessage());
      return Response.fail();
    }
    LOG.warn(
        "record {}-{}@{} cannot be processed by {} and becomes a dead letter",
        context.topic(),
        context.partition(),
        context.offset(),
        context.processorNodeId(),
        exception);
    return Response.resume(List.of(DeadLetters.of(context, exception)));
  }

  @Override
  public void configure(Map<String, ?> configuration) {}
}
