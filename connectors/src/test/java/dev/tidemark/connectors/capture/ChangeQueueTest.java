package dev.tidemark.connectors.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ChangeQueueTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ChangeQueue queue = new ChangeQueue();

  @Test
  void debeziumFindsItByItsName() {
    assertThat(ServiceLoader.load(QueueProvider.class))
        .anyMatch(
            provider -> provider instanceof ChangeQueue && provider.name().equals("tidemark"));
  }

  @Test
  void aTaskFindsItsQueueByItsTicketOnce() {
    queue.configure(Map.of(ChangeQueue.TICKET, "mine"));
    new ChangeQueue().configure(Map.of(ChangeQueue.TICKET, "another's"));
    assertThat(ChangeQueue.take("mine")).isSameAs(queue);
    assertThatThrownBy(() -> ChangeQueue.take("mine")).isInstanceOf(IllegalStateException.class);
    assertThat(ChangeQueue.take("another's")).isNotSameAs(queue);
  }

  @Test
  void aQueueThatNobodyAskedForIsNotKept() {
    queue.configure(Map.of(ChangeQueue.TICKET, "given up"));
    ChangeQueue.forget("given up");
    assertThatThrownBy(() -> ChangeQueue.take("given up"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsThereIsGivenInOrderAndNoMoreThanAskedFor() throws InterruptedException {
    for (String topic : List.of("a", "b", "c")) {
      queue.enqueue(event(topic));
    }
    assertThat(queue.size()).isEqualTo(3);
    assertThat(queue.await(2, LONG)).extracting(SourceRecord::topic).containsExactly("a", "b");
    assertThat(queue.await(2, LONG)).extracting(SourceRecord::topic).containsExactly("c");
    assertThat(queue.await(2, Duration.ZERO)).isEmpty();
    assertThat(queue.poll()).isNull();
  }

  @Test
  @Timeout(30)
  void aRecordThatComesEndsTheWaiting() throws Exception {
    CompletableFuture<List<SourceRecord>> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return queue.await(10, LONG);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    queue.enqueue(event("late"));
    assertThat(waiting.get()).extracting(SourceRecord::topic).containsExactly("late");
  }

  private static DataChangeEvent event(String topic) {
    return new DataChangeEvent(
        new SourceRecord(Map.of(), Map.of(), topic, null, null, null, null, null));
  }
}
