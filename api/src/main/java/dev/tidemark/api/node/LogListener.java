package dev.tidemark.api.node;

import dev.tidemark.pipeline.scopelog.ScopeLog;
import dev.tidemark.pipeline.scopelog.core.Position;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What becomes of that which the scope log reads. */
record LogListener(KafkaOperations aside) implements ScopeLog.Listener {
  @Override
  public void told(List<ScopeLog.Change> changes, Position end) {
    // Whoever pulls finds them in the log.
  }

  @Override
  public void unreadable(ConsumerRecord<byte[], byte[]> record, String why) {
    aside.putAside(record, why);
  }
}
