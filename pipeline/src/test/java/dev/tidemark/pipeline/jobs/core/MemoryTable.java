package dev.tidemark.pipeline.jobs.core;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table in a map. */
public final class MemoryTable implements SortedTable {
  private final NavigableMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);

  @Override
  public byte @Nullable [] get(byte[] key) {
    return map.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    map.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    map.remove(key);
  }

  @Override
  public Scan scan(byte[] from, byte[] to) {
    Iterator<Map.Entry<byte[], byte[]>> entries =
        List.copyOf(map.subMap(from, true, to, false).entrySet()).iterator();
    return new Scan() {
      private Map.@Nullable Entry<byte[], byte[]> next = entries.hasNext() ? entries.next() : null;

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public byte[] key() {
        return entry().getKey();
      }

      @Override
      public byte[] value() {
        return entry().getValue();
      }

      @Override
      public void next() {
        entry();
        next = entries.hasNext() ? entries.next() : null;
      }

      private Map.Entry<byte[], byte[]> entry() {
        Map.Entry<byte[], byte[]> entry = next;
        if (entry == null) {
          throw new IllegalStateException("there is no more");
        }
        return entry;
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  /** Loses what can be made again. */
  void dropIndex() {
    map.keySet().removeIf(Scheduler::isIndex);
  }

  /** How many keys begin with it. */
  long count(char kind) {
    return map.keySet().stream().filter(key -> key[0] == (byte) kind).count();
  }
}
