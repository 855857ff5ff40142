package dev.tidemark.pipeline.jobs;

import dev.tidemark.pipeline.jobs.core.SortedTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's table in a store of Streams. What is written is kept until it is {@linkplain
 * #keep kept} or {@linkplain #drop dropped}, so that each key is written once however often it has
 * changed: each write is a record of the changelog as well.
 */
final class StoredTable implements SortedTable {
  private final KeyValueStore<Bytes, byte[]> store;
  private final Map<Bytes, Written> written = new LinkedHashMap<>();

  /**
   * What became of a key.
   *
   * @param value null if it is deleted
   * @param isNew whether the store has nothing of it
   */
  private record Written(byte @Nullable [] value, boolean isNew) {}

  StoredTable(KeyValueStore<Bytes, byte[]> store) {
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
    Written before = written.get(bytes);
    if (before != null && before.isNew()) {
      written.remove(bytes);
    } else {
      written.put(bytes, new Written(null, false));
    }
  }

  private void write(Bytes key, byte[] value, boolean isNew) {
    Written before = written.get(key);
    written.put(key, new Written(value, before == null ? isNew : before.isNew()));
  }

  /** Has what was written reach the store. */
  void keep() {
    written.forEach((key, latest) -> store.put(key, latest.value()));
    written.clear();
  }

  /** Forgets what was written and has not reached the store. */
  void drop() {
    written.clear();
  }

  @Override
  public Scan scan(byte[] from, byte[] to) {
    keep();
    return new StoredScan(store.range(Bytes.wrap(from), Bytes.wrap(to)), to);
  }

  private static final class StoredScan implements Scan {
    private final KeyValueIterator<Bytes, byte[]> entries;
    private final byte[] to;
    private @Nullable KeyValue<Bytes, byte[]> next;

    private StoredScan(KeyValueIterator<Bytes, byte[]> entries, byte[] to) {
      this.entries = entries;
      this.to = to;
      advance();
    }

    /** A range of Streams has its last key in it. */
    private void advance() {
      KeyValue<Bytes, byte[]> entry = entries.hasNext() ? entries.next() : null;
      next = entry == null || Arrays.equals(entry.key.get(), to) ? null : entry;
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
