package dev.tidemark.standalone.cli;

import dev.tidemark.standalone.home.Refusal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where in a topic to begin. */
sealed interface TailStart {
  /** With the oldest record that is kept. */
  record Beginning() implements TailStart {}

  /** With the next record that is written. */
  record End() implements TailStart {}

  /** With this offset, in each partition. */
  record Offset(long offset) implements TailStart {}

  /** With the first record at or after a moment. */
  record Moment(Instant instant) implements TailStart {}

  static TailStart parse(String text) {
    if (text.equals("beginning")) {
      return new Beginning();
    }
    if (text.equals("end")) {
      return new End();
    }
    if (text.matches("\\d{1,18}")) {
      return new Offset(Long.parseLong(text));
    }
    try {
      return new Moment(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw new Refusal(
          "--from takes beginning, end, an offset, or a time such as 2026-01-31T12:00:00Z, not '"
              + text
              + "'.",
          e);
    }
  }

  default void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    switch (this) {
      case Beginning _ -> consumer.seekToBeginning(partitions);
      case End _ -> consumer.seekToEnd(partitions);
      case Offset start ->
          consumer
              .endOffsets(partitions)
              .forEach((partition, end) -> consumer.seek(partition, Math.min(start.offset(), end)));
      case Moment start ->
          consumer
              .offsetsForTimes(
                  partitions.stream()
                      .collect(
                          Collectors.toMap(
                              Function.identity(), _ -> start.instant().toEpochMilli())))
              .forEach(
                  (partition, found) -> {
                    if (found == null) {
                      consumer.seekToEnd(List.of(partition));
                    } else {
                      consumer.seek(partition, found.offset());
                    }
                  });
    }
    // The end is looked up lazily: without this, what is written meanwhile would be missed.
    partitions.forEach(consumer::position);
  }
}
