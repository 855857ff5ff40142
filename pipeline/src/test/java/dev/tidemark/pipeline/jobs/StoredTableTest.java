package dev.tidemark.pipeline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class StoredTableTest {
  private static final byte[] JOB = "job".getBytes(UTF_8);
  private static final byte[] TIMER = "timer".getBytes(UTF_8);

  private final KeyValueStore<Bytes, byte[]> kept = Stores.inMemoryKeyValueStore("jobs").get();
  private final KeyValueStore<Bytes, byte[]> index = Stores.inMemoryKeyValueStore("index").get();

  private StoredTable table() {
    return new StoredTable(kept, index);
  }

  /** What a life in order leaves behind. */
  private void live() {
    StoredTable table = table();
    table.open();
    table.put(JOB, new byte[1]);
    table.putNew(TIMER, new byte[1]);
    table.keep();
    table.close();
  }

  @Test
  void theIndexHasNoChangelogOfItsOwn() {
    live();
    assertThat(kept.get(Bytes.wrap(JOB))).isNotNull();
    assertThat(kept.get(Bytes.wrap(TIMER))).isNull();
    assertThat(index.get(Bytes.wrap(TIMER))).isNotNull();
    assertThat(table().get(TIMER)).isNotNull();
  }

  @Test
  void anIndexThatWasClosedInOrderFits() {
    assertThat(table().open()).as("there is none yet").isFalse();
    live();
    assertThat(table().open()).isTrue();
  }

  @Test
  void anIndexThatWasNotClosedDoesNot() {
    live();
    StoredTable dies = table();
    assertThat(dies.open()).isTrue();
    dies.put(TIMER, new byte[2]);
    dies.keep();
    assertThat(table().open()).isFalse();
  }

  @Test
  void norDoesOneWhoseJobsWereElsewhereMeanwhile() {
    live();
    StoredTable elsewhere =
        new StoredTable(kept, Stores.inMemoryKeyValueStore("another index").get());
    assertThat(elsewhere.open()).isFalse();
    elsewhere.keep();
    elsewhere.close();
    assertThat(table().open()).isFalse();
  }

  @Test
  void whatIsInTheIndexDoesNotFillTheMemory() {
    StoredTable table = table();
    table.open();
    for (int i = 0; i < 40_000; i++) {
      table.putNew(("t" + i).getBytes(UTF_8), new byte[0]);
    }
    assertThat(index.approximateNumEntries()).isGreaterThan(20_000);
    assertThat(table.get("t7".getBytes(UTF_8))).isNotNull();
  }
}
