package dev.tidemark.pipeline.jobs;

import static java.util.Objects.requireNonNull;

import dev.tidemark.pipeline.jobs.core.SortedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store of Streams with what has been written in memory before it, until it is {@linkplain #keep
 * kept}: each key is written once however often it has changed, and what came and went meanwhile
 * never.
 */
final class BufferedStore implements SortedTable {
  private final KeyValueStore<Bytes, byte[]> store;
  private final NavigableMap<Bytes, Written> written = new TreeMap<>();

  /**
   * What became of a key.
   *
   * @param value null if it is deleted
   * @param isNew whether the store has nothing of it
   */
  private record Written(byte @Nullable [] value, boolean isNew) {}

  BufferedStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    Bytes bytes = Bytes.wrap(key);
    Written latest = written.get(bytes);
    return latest == null ? store.get(bytes) : latest.value();
  }

  @Override
  public void put(byte[] key, byte[] value) {
    write(Bytes.wrap(key), value, false);
  }

  @Override
  public void putNew(byte[] key, byte[] value) {
    write(Bytes.wrap(key), value, true);
  }

  @Override
  public void delete(byte[] key) {
    Bytes bytes = Bytes.wrap(key);
    Written before = written.remove(bytes);
    if (before == null || !before.isNew()) {
      written.put(bytes, new Written(null, false));
    }
  }

  private void write(Bytes key, byte[] value, boolean isNew) {
    Written before = written.put(key, new Written(value, isNew));
    if (before != null && before.isNew() != isNew) {
      written.put(key, new Written(value, before.isNew()));
    }
  }

  /** How many keys have been written and not kept. */
  int size() {
    return written.size();
  }

  /** Has what was written reach the store. */
  void keep() {
    if (written.isEmpty()) {
      return;
    }
    List<KeyValue<Bytes, byte[]>> all = new ArrayList<>(written.size());
    written.forEach((key, latest) -> all.add(KeyValue.pair(key, latest.value())));
    store.putAll(all);
    written.clear();
  }

  /** Nothing is to be kept meanwhile: it would be passed over. */
  @Override
  public Scan scan(byte[] from, byte[] to) {
    return new MergedScan(Bytes.wrap(from), Bytes.wrap(to));
  }

  /** Through the store and through what has been written, which hides what the store has. */
  private final class MergedScan implements Scan {
    private final KeyValueIterator<Bytes, byte[]> entries;
    private final Bytes to;
    private @Nullable KeyValue<Bytes, byte[]> stored;
    private Map.@Nullable Entry<Bytes, Written> latest;
    private @Nullable KeyValue<Bytes, byte[]> next;

    private MergedScan(Bytes from, Bytes to) {
      entries = store.range(from, to);
      this.to = to;
      latest = before(written.ceilingEntry(from));
      stored = read();
      advance();
    }

    /** A range of Streams has its last key in it. */
    private @Nullable KeyValue<Bytes, byte[]> read() {
      KeyValue<Bytes, byte[]> entry = entries.hasNext() ? entries.next() : null;
      return entry == null || entry.key.equals(to) ? null : entry;
    }

    private Map.@Nullable Entry<Bytes, Written> before(Map.@Nullable Entry<Bytes, Written> entry) {
      return entry == null || entry.getKey().compareTo(to) >= 0 ? null : entry;
    }

    private void advance() {
      next = null;
      while (next == null && (stored != null || latest != null)) {
        int order =
            stored == null ? 1 : latest == null ? -1 : stored.key.compareTo(latest.getKey());
        if (order < 0) {
          next = stored;
        } else {
          Map.Entry<Bytes, Written> one = requireNonNull(latest);
          byte[] value = one.getValue().value();
          next = value == null ? null : KeyValue.pair(one.getKey(), value);
          latest = before(written.higherEntry(one.getKey()));
        }
        if (order <= 0) {
          stored = read();
        }
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public byte[] key() {
      return entry().key.get();
    }

    @Override
    public byte[] value() {
      return entry().value;
    }

    @Override
    public void next() {
      entry();
      advance();
    }

    private KeyValue<Bytes, byte[]> entry() {
      KeyValue<Bytes, byte[]> entry = next;
      if (entry == null) {
        throw new IllegalStateException("there is no more");
      }
      return entry;
    }

    @Override
    public void close() {
      entries.close();
    }
  }
}
