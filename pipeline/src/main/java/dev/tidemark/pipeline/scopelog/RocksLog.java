package dev.tidemark.pipeline.scopelog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.Latest;
import dev.tidemark.pipeline.scopelog.core.LogStore;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log in RocksDB. What a record does and the offset behind it are one write, and there is no
 * write-ahead log: after a crash the store is as it was at some record, and goes on from there.
 *
 * <p>One thread writes, and says when others see what it has written; any may read.
 */
final class RocksLog implements LogStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RocksLog.class);
  private static final byte[] NEXT = Keys.meta("next");
  private static final byte[] FORMAT = Keys.meta("format");
  private static final byte[] TOPIC = Keys.meta("topic");
  private static final byte[] BUILT = Keys.meta("built");
  private static final byte[] HORIZON = Keys.meta("horizon");
  private static final byte[] NOTHING = {};
  private static final long WRITE_BUFFER = 16L << 20;
  private static final int MOST_WRITES = 20_000;
  private static final int MOST_VIEWS = 100_000;
  private static final long LAST_VIEWS_MILLIS = 10_000;

  private final RocksDB db;
  private final List<AutoCloseable> closed;
  private final WriteOptions unlogged;
  private final WriteBatch batch = new WriteBatch();
  private final List<Told> told = new ArrayList<>();
  private volatile Moment moment;

  /** How many of those told are of records that are committed. */
  private int settled;

  private final Semaphore views = new Semaphore(MOST_VIEWS);

  /** An entry that has come into the log of a scope. */
  record Told(String scope, Entry entry) {}

  private RocksLog(RocksDB db, WriteOptions unlogged, List<AutoCloseable> closed) {
    this.db = db;
    this.unlogged = unlogged;
    this.closed = closed;
    this.moment = new Moment(db);
  }

  /**
   * Opens the log of a topic; what is there of another topic, or in another form, is thrown away.
   *
   * @param memory how many bytes its cache may have
   */
  static RocksLog open(Path directory, String topic, long memory) {
    RocksLog log = open(directory, memory);
    if (log.isOf(topic)) {
      return log;
    }
    return log.anew(directory, topic, memory);
  }

  /** Throws everything away and begins an empty log. */
  RocksLog anew(Path directory, String topic, long memory) {
    close();
    try (Options options = new Options()) {
      RocksDB.destroyDB(directory.toString(), options);
    } catch (RocksDBException e) {
      throw new LogFailed("the log in " + directory + " cannot be thrown away", e);
    }
    RocksLog fresh = open(directory, memory);
    fresh.put(FORMAT, Integer.toString(EntryBytes.FORMAT).getBytes(UTF_8));
    fresh.put(TOPIC, topic.getBytes(UTF_8));
    fresh.show();
    return fresh;
  }

  private static RocksLog open(Path directory, long memory) {
    RocksDB.loadLibrary();
    LRUCache cache = new LRUCache(memory);
    BloomFilter filter = new BloomFilter(10);
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(WRITE_BUFFER)
            .setMaxWriteBufferNumber(3)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setKeepLogFileNum(2)
            .setMaxLogFileSize(1 << 20)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(filter)
                    .setCacheIndexAndFilterBlocks(true)
                    .setBlockSize(16 << 10));
    WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    try {
      Files.createDirectories(directory);
      RocksDB db = RocksDB.open(options, directory.toString());
      return new RocksLog(db, unlogged, List.of(db, options, unlogged, filter, cache));
    } catch (IOException | RocksDBException e) {
      throw new LogFailed("the log in " + directory + " cannot be opened", e);
    }
  }

  private boolean isOf(String topic) {
    byte[] format = get(FORMAT);
    byte[] of = get(TOPIC);
    return format != null
        && new String(format, UTF_8).equals(Integer.toString(EntryBytes.FORMAT))
        && of != null
        && new String(of, UTF_8).equals(topic);
  }

  /** The offset to go on with; 0 if the log is new. */
  long next() {
    byte[] next = get(NEXT);
    return next == null ? 0 : ByteBuffer.wrap(next).getLong();
  }

  /** Whether it has been noted where the log began to see every record. */
  boolean isBuilt() {
    return get(BUILT) != null;
  }

  /** Notes that records from this offset on are seen as they come, not what compaction left. */
  void built(long offset) {
    put(BUILT, EntryBytes.write(Position.of(offset)));
    show();
  }

  @Override
  public @Nullable Latest latest(String scope, String type, String id) {
    byte[] latest = get(Keys.latest(scope, type, id));
    return latest == null ? null : EntryBytes.readLatest(latest);
  }

  @Override
  public List<String> scopesOf(String type, String id) {
    List<String> scopes = new ArrayList<>();
    scan(Keys.scopesOf(type, id), (key, _) -> scopes.add(Keys.behindZero(key)));
    return scopes;
  }

  @Override
  public void rowsOf(String type, Consumer<Row> each) {
    byte[] prefix = Keys.rowsOf(type);
    scan(
        prefix,
        (key, _) -> {
          each.accept(new Row(Keys.behindZero(key), Keys.beforeZero(key, prefix.length)));
          if (batch.count() > MOST_WRITES) {
            write();
          }
        });
  }

  @Override
  public void replace(String scope, @Nullable Latest before, Entry entry) {
    try {
      batch.put(Keys.log(scope, entry.position()), EntryBytes.write(entry));
      batch.put(
          Keys.latest(scope, entry.type(), entry.id()), EntryBytes.write(entry, entry.entered()));
      if (before == null) {
        batch.put(Keys.row(entry.type(), entry.id(), scope), NOTHING);
      } else {
        batch.delete(Keys.log(scope, before.position()));
        if (!before.put()) {
          batch.delete(Keys.removal(before.position(), scope));
        }
      }
      if (!entry.put()) {
        batch.put(Keys.removal(entry.position(), scope), removal(entry));
      }
    } catch (RocksDBException e) {
      throw new LogFailed("an entry cannot be written", e);
    }
    told.add(new Told(scope, entry));
  }

  /** Writes what the last record did, and that it is done. */
  void commit(long nextOffset) {
    try {
      batch.put(NEXT, ByteBuffer.allocate(Long.BYTES).putLong(nextOffset).array());
    } catch (RocksDBException e) {
      throw new LogFailed("the log's offset cannot be written", e);
    }
    write();
    settled = told.size();
  }

  /** Lets views show all that has been committed. */
  void show() {
    Moment before = moment;
    moment = new Moment(db);
    before.leave();
  }

  /** Drops what has been done since the last commit. */
  void abandon() {
    batch.clear();
    told.subList(settled, told.size()).clear();
  }

  /** What has come into the log since the last call. */
  List<Told> takeTold() {
    List<Told> all = List.copyOf(told);
    told.clear();
    settled = 0;
    return all;
  }

  private void write() {
    try {
      db.write(unlogged, batch);
      batch.clear();
    } catch (RocksDBException e) {
      throw new LogFailed("the log cannot be written", e);
    }
  }

  /**
   * Forgets removals that were committed before a moment, a bounded number of them.
   *
   * @return how many
   */
  int forget(long committedMicros, int most) {
    int[] count = {0};
    Position[] horizon = {null};
    byte[] prefix = Keys.removals();
    try (Slice end = new Slice(Keys.behind(prefix));
        ReadOptions options = new ReadOptions().setIterateUpperBound(end);
        RocksIterator removals = db.newIterator(options)) {
      for (removals.seek(prefix); removals.isValid() && count[0] < most; removals.next()) {
        ByteBuffer value = ByteBuffer.wrap(removals.value());
        if (value.getLong() >= committedMicros) {
          break;
        }
        byte[] key = removals.key();
        Position position = Keys.positionOfRemoval(key);
        String scope = Keys.scopeOfRemoval(key);
        String row = UTF_8.decode(value).toString();
        int slash = row.indexOf('/');
        String type = row.substring(0, slash);
        String id = row.substring(slash + 1);
        batch.delete(key);
        batch.delete(Keys.log(scope, position));
        batch.delete(Keys.latest(scope, type, id));
        batch.delete(Keys.row(type, id, scope));
        horizon[0] = position.next();
        count[0]++;
      }
      if (horizon[0] != null) {
        batch.put(HORIZON, EntryBytes.write(horizon[0]));
      }
    } catch (RocksDBException e) {
      throw new LogFailed("removals cannot be forgotten", e);
    }
    write();
    show();
    return count[0];
  }

  /** When it happened, and the row. */
  private static byte[] removal(Entry entry) {
    byte[] row = (entry.type() + "/" + entry.id()).getBytes(UTF_8);
    return ByteBuffer.allocate(Long.BYTES + row.length)
        .putLong(entry.committedMicros())
        .put(row)
        .array();
  }

  /**
   * The log as it was when it was last shown.
   *
   * @throws LogClosed if it is closed
   */
  LogView view() {
    if (!views.tryAcquire()) {
      throw new LogClosed();
    }
    Moment now = moment;
    while (!now.join()) {
      now = moment;
    }
    try {
      return new RocksView(db, now, views::release);
    } catch (RuntimeException e) {
      now.leave();
      views.release();
      throw e;
    }
  }

  static Position end(byte @Nullable [] next) {
    return next == null ? Position.START : Position.of(ByteBuffer.wrap(next).getLong());
  }

  /** What a view reads of the store itself. */
  enum Meta {
    END(NEXT),
    BUILT_AT(BUILT),
    HORIZON_AT(HORIZON);

    @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
    private final byte[] key;

    Meta(byte[] key) {
      this.key = key;
    }

    byte[] key() {
      return key;
    }
  }

  private interface Found {
    void take(byte[] key, byte[] value);
  }

  private void scan(byte[] prefix, Found found) {
    try (Slice end = new Slice(Keys.behind(prefix));
        ReadOptions options = new ReadOptions().setIterateUpperBound(end);
        RocksIterator iterator = db.newIterator(options)) {
      for (iterator.seek(prefix); iterator.isValid(); iterator.next()) {
        found.take(iterator.key(), iterator.value());
      }
      iterator.status();
    } catch (RocksDBException e) {
      throw new LogFailed("the log cannot be read", e);
    }
  }

  private byte @Nullable [] get(byte[] key) {
    try {
      return db.get(key);
    } catch (RocksDBException e) {
      throw new LogFailed("the log cannot be read", e);
    }
  }

  private void put(byte[] key, byte[] value) {
    try {
      db.put(unlogged, key, value);
    } catch (RocksDBException e) {
      throw new LogFailed("the log cannot be written", e);
    }
  }

  /** Waits for open views: memory that somebody reads must not go away under them. */
  @Override
  public void close() {
    try {
      if (!views.tryAcquire(MOST_VIEWS, LAST_VIEWS_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.warn("The log is still being read; its memory is left to the process");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    batch.close();
    moment.leave();
    for (AutoCloseable one : closed) {
      try {
        one.close();
      } catch (Exception e) {
        throw new LogFailed("the log cannot be closed", e);
      }
    }
  }
}
