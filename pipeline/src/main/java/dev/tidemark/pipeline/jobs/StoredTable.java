package dev.tidemark.pipeline.jobs;

import dev.tidemark.pipeline.jobs.core.SortedTable;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The scheduler's table in a store of Streams. */
final class StoredTable implements SortedTable {
  private final KeyValueStore<Bytes, byte[]> store;

  StoredTable(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return store.get(Bytes.wrap(key));
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.put(Bytes.wrap(key), value);
  }

  @Override
  public void delete(byte[] key) {
    store.delete(Bytes.wrap(key));
  }

  @Override
  public Scan scan(byte[] from, byte[] to) {
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
