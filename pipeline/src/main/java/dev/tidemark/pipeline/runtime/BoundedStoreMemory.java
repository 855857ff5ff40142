package dev.tidemark.pipeline.runtime;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the native memory of all stores of the process together. Without it every store of every
 * partition takes its own 50 MiB of cache and up to 48 MiB of write buffers.
 *
 * <p>Streams makes an instance per store, so what they share is static, and is never closed: a
 * store that closes must not take the memory of its neighbours.
 */
public final class BoundedStoreMemory implements RocksDBConfigSetter {
  /** How much memory the stores may use: the first store of the process decides. */
  static final String BYTES = "tidemark.store.memory.bytes";

  private static final long WRITE_BUFFER = 8 * StreamsSettings.MEBIBYTE;
  private static final double PART_OF_INDEXES = 0.1;
  private static @Nullable Shared shared;

  /** The memory that all stores take from: write buffers are charged to the cache. */
  private record Shared(Cache cache, WriteBufferManager writeBuffers) {}

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configuration) {
    Shared memory = shared(requireNonNull((Long) configuration.get(BYTES), BYTES + " is not set"));
    BlockBasedTableConfig tables = (BlockBasedTableConfig) options.tableFormatConfig();
    tables.setBlockCache(memory.cache());
    tables.setCacheIndexAndFilterBlocks(true);
    tables.setCacheIndexAndFilterBlocksWithHighPriority(true);
    tables.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(tables);
    options.setWriteBufferManager(memory.writeBuffers());
    options.setWriteBufferSize(WRITE_BUFFER);
  }

  @Override
  public void close(String store, Options options) {
    // What the stores share outlives each of them.
  }

  private static synchronized Shared shared(long bytes) {
    Shared memory = shared;
    if (memory == null) {
      Cache cache = new LRUCache(bytes, -1, false, PART_OF_INDEXES);
      memory = new Shared(cache, new WriteBufferManager(bytes / 2, cache));
      shared = memory;
    }
    return memory;
  }
}
