package dev.tidemark.pipeline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.jobs.core.SortedTable.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class BufferedStoreTest {
  private final KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("jobs").get();
  private final BufferedStore table = new BufferedStore(store);

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

  @Test
  void aScanIsAsOneThroughAStoreWithAllOfIt() {
    Random random = new Random(7);
    NavigableMap<String, String> all = new TreeMap<>();
    for (int step = 0; step < 5_000; step++) {
      String key = "k" + (char) ('a' + random.nextInt(26)) + (char) ('a' + random.nextInt(3));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          table.delete(bytes(key));
          all.remove(key);
        }
        case 3 -> table.keep();
        case 4 -> {
          if (all.putIfAbsent(key, "new") == null) {
            table.putNew(bytes(key), bytes("new"));
          }
        }
        default -> {
          table.put(bytes(key), bytes("" + step));
          all.put(key, "" + step);
        }
      }
      String from = "k" + (char) ('a' + random.nextInt(26));
      NavigableMap<String, String> seen = new TreeMap<>();
      try (Scan scan = table.scan(bytes(from), bytes("kx"))) {
        for (; scan.hasNext(); scan.next()) {
          seen.put(new String(scan.key(), UTF_8), new String(scan.value(), UTF_8));
        }
      }
      assertThat(seen)
          .isEqualTo(from.compareTo("kx") > 0 ? Map.of() : all.subMap(from, true, "kx", false));
    }
  }
}
