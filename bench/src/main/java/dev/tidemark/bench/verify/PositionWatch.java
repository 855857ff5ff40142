package dev.tidemark.bench.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturePosition.Phase;
import dev.tidemark.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Follows capture's positions as they are committed: each shows that capture streamed at that
 * moment, and how far it was.
 */
final class PositionWatch {
  private static final Duration POLL = Duration.ofMillis(20);

  private final String kafka;
  private final String slot;
  private final Thread thread;
  private volatile boolean closed;
  private @Nullable Seen latest;
  private @Nullable CapturePosition firstStreaming;
  private long count;

  /**
   * A position.
   *
   * @param sentAt when its producer sent it, in milliseconds
   * @param nanos when it was read here
   */
  record Seen(CapturePosition position, long sentAt, long nanos) {}

  PositionWatch(String kafka, String slot) {
    this.kafka = kafka;
    this.slot = slot;
    this.thread = Thread.ofPlatform().daemon().name("position-watch").start(this::follow);
  }

  private void follow() {
    TopicPartition partition = new TopicPartition(Topics.POSITION.name(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Consumers.settings(kafka))) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          take(record);
        }
      }
    }
  }

  private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
    if (!slot.equals(new String(record.key(), UTF_8))) {
      return;
    }
    CapturePosition position =
        Topics.POSITION.valueSerde().deserializer().deserialize(record.topic(), record.value());
    latest = new Seen(position, record.timestamp(), System.nanoTime());
    if (position.phase() == Phase.STREAMING && firstStreaming == null) {
      firstStreaming = position;
    }
    count++;
    notifyAll();
  }

  /** The position at which the first snapshot ended and the stream began. */
  synchronized Optional<CapturePosition> firstStreaming() {
    return Optional.ofNullable(firstStreaming);
  }

  synchronized Optional<CapturePosition> latest() {
    return Optional.ofNullable(latest).map(Seen::position);
  }

  synchronized long count() {
    return count;
  }

  /** Waits for a position of the stream that was sent after an instant. */
  Optional<Seen> awaitStreaming(long sentAfter, Duration patience) throws InterruptedException {
    return await(
        seen -> seen.sentAt() > sentAfter && seen.position().phase() == Phase.STREAMING, patience);
  }

  /** Waits for a position. */
  synchronized Optional<Seen> await(Predicate<Seen> wanted, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Seen seen = latest;
      if (seen != null && wanted.test(seen)) {
        return Optional.of(seen);
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left);
    }
  }

  void end() throws InterruptedException {
    closed = true;
    thread.join(5_000);
  }
}
