package dev.tidemark.pipeline.jobs;

import static java.util.Objects.requireNonNull;

import dev.tidemark.pipeline.jobs.core.Scheduler;
import dev.tidemark.pipeline.jobs.core.SortedTable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's table in two stores of Streams. What cannot be made again is in a store with a
 * changelog: each write is a record of it. The index, of which each job writes more than of all
 * else, is in one without, and is made again where it does not fit.
 *
 * <p>Whether it fits is told by a number that both have. Whoever opens the table gives the jobs
 * another one, and whoever closes it in order gives it to the index. Streams deletes both stores
 * when one is not closed in order; where a partition was elsewhere meanwhile, its number is
 * another.
 */
final class StoredTable implements SortedTable {
  /** No key of the scheduler's begins so. */
  private static final byte[] NUMBER = {'#'};

  /** As many as stay in memory: most of what is written to the index goes soon. */
  private static final int MOST_IN_MEMORY = 4_096;

  private final BufferedStore kept;
  private final BufferedStore index;
  private byte @Nullable [] number;

  StoredTable(KeyValueStore<Bytes, byte[]> kept, KeyValueStore<Bytes, byte[]> index) {
    this.kept = new BufferedStore(kept);
    this.index = new BufferedStore(index);
  }

  /**
   * To be called before all else.
   *
   * @return whether the index fits the jobs
   */
  boolean open() {
    byte[] ofJobs = kept.get(NUMBER);
    byte[] ofIndex = index.get(NUMBER);
    boolean fits = ofJobs != null && Arrays.equals(ofJobs, ofIndex);
    UUID random = UUID.randomUUID();
    byte[] next =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(random.getMostSignificantBits())
            .putLong(random.getLeastSignificantBits())
            .array();
    kept.put(NUMBER, next);
    if (ofIndex != null) {
      index.delete(NUMBER);
    }
    number = next;
    return fits;
  }

  /** To be called after all else, if it has been opened and kept, and its index fits. */
  void close() {
    index.put(NUMBER, requireNonNull(number, "it has not been opened"));
    index.keep();
  }

  private BufferedStore of(byte[] key) {
    return Scheduler.isIndex(key) ? index : kept;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return of(key).get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    of(key).put(key, value);
    spill();
  }

  @Override
  public void putNew(byte[] key, byte[] value) {
    of(key).putNew(key, value);
    spill();
  }

  @Override
  public void delete(byte[] key) {
    of(key).delete(key);
    spill();
  }

  private void spill() {
    if (index.size() > MOST_IN_MEMORY) {
      index.keep();
    }
  }

  /**
   * Has what was written reach the changelog.
   *
   * @return whether anything was
   */
  boolean keep() {
    boolean some = kept.size() > 0;
    kept.keep();
    return some;
  }

  /** Of one kind of keys: what is in the index and what is not are not mixed. */
  @Override
  public Scan scan(byte[] from, byte[] to) {
    return of(from).scan(from, to);
  }
}
