package dev.tidemark.pipeline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.jobs.core.SortedTable.Scan;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class StoredTableTest {
  private final KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("jobs").get();
  private final StoredTable table = new StoredTable(store);

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void inStore(String key, String value) {
    store.put(Bytes.wrap(bytes(key)), bytes(value));
  }

  @Test
  void whatIsWrittenIsReadAtOnceAndReachesTheStoreWhenItIsKept() {
    table.put(bytes("a"), bytes("1"));
    assertThat(table.get(bytes("a"))).isEqualTo(bytes("1"));
    assertThat(store.get(Bytes.wrap(bytes("a")))).isNull();
    table.keep();
    assertThat(store.get(Bytes.wrap(bytes("a")))).isEqualTo(bytes("1"));
  }

  @Test
  void whatIsDroppedNeverWas() {
    inStore("a", "1");
    table.delete(bytes("a"));
    table.put(bytes("b"), bytes("2"));
    assertThat(table.get(bytes("a"))).isNull();
    table.drop();
    table.keep();
    assertThat(table.get(bytes("a"))).isEqualTo(bytes("1"));
    assertThat(table.get(bytes("b"))).isNull();
  }

  @Test
  void whatIsDeletedIsDeletedUnlessItNeverReachedTheStore() {
    inStore("old", "1");
    table.put(bytes("old"), bytes("2"));
    table.delete(bytes("old"));
    table.putNew(bytes("new"), bytes("1"));
    table.put(bytes("new"), bytes("2"));
    table.delete(bytes("new"));
    assertThat(table.get(bytes("new"))).isNull();
    table.keep();
    assertThat(table.get(bytes("old"))).isNull();
    assertThat(store.approximateNumEntries()).isZero();
  }

  @Test
  void whatIsDeletedAndPutAgainIsThere() {
    inStore("a", "1");
    table.delete(bytes("a"));
    table.putNew(bytes("a"), bytes("2"));
    table.delete(bytes("a"));
    table.keep();
    assertThat(table.get(bytes("a"))).isNull();
  }

  @Test
  void aScanSeesWhatHasBeenWritten() {
    inStore("a", "1");
    inStore("b", "1");
    table.delete(bytes("a"));
    table.putNew(bytes("c"), bytes("1"));
    List<String> seen = new ArrayList<>();
    try (Scan scan = table.scan(bytes("a"), bytes("z"))) {
      while (scan.hasNext()) {
        seen.add(new String(scan.key(), UTF_8));
        scan.next();
      }
    }
    assertThat(seen).containsExactly("b", "c");
  }
}
