package dev.tidemark.connectors.capture;

import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What Debezium has read and capture has not taken yet. It hands a record over the moment it is
 * there: Debezium's own way of emptying its queue collects for a whole poll interval first, and
 * spins through the last millisecond of it.
 *
 * <p>Debezium makes it through a service loader and tells it no more than the configuration, so a
 * task finds its queue by a ticket in there. Debezium looks at {@link #size} before it puts
 * something in, which is what bounds it.
 */
public final class ChangeQueue implements QueueProvider<DataChangeEvent> {
  static final String NAME = "tidemark";
  static final String TICKET = "tidemark.queue.ticket";

  private static final Map<String, ChangeQueue> WAITING = new ConcurrentHashMap<>();

  private final LinkedBlockingQueue<DataChangeEvent> events = new LinkedBlockingQueue<>();

  /** The queue that was made for a ticket; it can be asked for once. */
  static ChangeQueue take(String ticket) {
    ChangeQueue queue = WAITING.remove(ticket);
    if (queue == null) {
      throw new IllegalStateException("Debezium has made no queue for this task");
    }
    return queue;
  }

  /** Nobody will ask for it any more. */
  static void forget(String ticket) {
    WAITING.remove(ticket);
  }

  /** Up to so many records; waits for the first one. Empty if it does not come in time. */
  List<SourceRecord> await(int most, Duration patience) throws InterruptedException {
    DataChangeEvent first = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (first == null) {
      return List.of();
    }
    List<DataChangeEvent> taken = new ArrayList<>();
    taken.add(first);
    events.drainTo(taken, most - 1);
    List<SourceRecord> records = new ArrayList<>(taken.size());
    for (DataChangeEvent event : taken) {
      records.add(event.getRecord());
    }
    return records;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void configure(Map<String, ?> configuration) {
    if (configuration.get(TICKET) instanceof String ticket) {
      WAITING.put(ticket, this);
    }
  }

  @Override
  public void enqueue(DataChangeEvent event) {
    events.add(event);
  }

  @Override
  @SuppressWarnings("NullAway") // Debezium's contract: null where there is none
  public DataChangeEvent poll() {
    return events.poll();
  }

  @Override
  public int size() {
    return events.size();
  }
}
