package dev.tidemark.pipeline.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.CloudEventHeaders;
import dev.tidemark.contract.DeadLetterHeaders;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.Invalidation.Cause;
import dev.tidemark.contract.Invalidation.Reason;
import dev.tidemark.contract.Topics;
import dev.tidemark.pipeline.cache.core.Targets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A change that was put aside happened all the same: too large for a record, of a table that has
 * stopped, or unreadable. What row it was is not looked for in it; all answers go that could depend
 * on its type.
 *
 * <p>It must not fail: what fails here would be put aside and come back.
 */
final class DeriveLost
    extends ContextualProcessor<byte @Nullable [], byte @Nullable [], String, Invalidation> {
  private static final Logger LOG = LoggerFactory.getLogger(DeriveLost.class);
  private static final String CHANGE_TOPIC = Topics.changeName("");

  private final Targets targets;
  private final CacheMeters meters;

  DeriveLost(Targets targets, CacheMeters meters) {
    this.targets = targets;
    this.meters = meters;
  }

  @Override
  public void process(Record<byte @Nullable [], byte @Nullable []> record) {
    String topic = text(record.headers(), DeadLetterHeaders.TOPIC);
    if (!topic.startsWith(CHANGE_TOPIC)) {
      return;
    }
    String type = topic.substring(CHANGE_TOPIC.length());
    Set<String> affected = targets.ofUnknown(type);
    if (affected.isEmpty()) {
      return;
    }
    String subject = text(record.headers(), CloudEventHeaders.SUBJECT);
    long transaction = transaction(text(record.headers(), CloudEventHeaders.ID));
    meters.lost(affected.size());
    LOG.info(
        "A change of {} was put aside, so {} go", subject.isEmpty() ? type : subject, affected);
    Cause cause = new Cause(Reason.LOST, subject.isEmpty() ? type : subject, null, List.of());
    for (String target : affected) {
      context()
          .forward(
              new Record<>(
                  target,
                  new Invalidation(
                      target, transaction, null, Instant.ofEpochMilli(record.timestamp()), cause),
                  record.timestamp()));
    }
  }

  /** The transaction in a change's id, {@code epoch-lsn-transaction-number}; 0 if there is none. */
  private static long transaction(String id) {
    String[] parts = id.split("-", -1);
    if (parts.length != 4) {
      return 0;
    }
    try {
      return Math.max(0, Long.parseLong(parts[2]));
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }
}
