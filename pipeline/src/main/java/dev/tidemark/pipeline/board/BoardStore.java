package dev.tidemark.pipeline.board;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.pipeline.board.core.Fingerprint;
import dev.tidemark.pipeline.board.core.Phase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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

/**
 * The board in RocksDB. What some records do and the offsets behind them are one write, and there
 * is no write-ahead log: after a crash the store is as it was at some record, and goes on from
 * there. One thread writes; any may read.
 */
final class BoardStore implements AutoCloseable {
  private static final String FORMAT = "2";
  private static final byte[] NOTHING = {};
  private static final byte[] OF = BoardKeys.meta("of");
  private static final byte[] WRITTEN = BoardKeys.meta("written");
  private static final long WRITE_BUFFER = 16L << 20;

  private final RocksDB db;
  private final WriteOptions unlogged;
  private final List<AutoCloseable> parts;
  private final WriteBatch batch = new WriteBatch();
  private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
  private boolean closed;

  private BoardStore(RocksDB db, WriteOptions unlogged, List<AutoCloseable> parts) {
    this.db = db;
    this.unlogged = unlogged;
    this.parts = parts;
  }

  /**
   * Opens the board of some topics; what is there of others, in another form, or of too long ago is
   * thrown away.
   *
   * @param topics names the topics
   * @param since older it must not be, in milliseconds: a topic may have dropped a deletion since
   */
  static BoardStore open(Path directory, long memory, String topics, long since) {
    BoardStore store = open(directory, memory);
    byte[] of = store.get(OF);
    byte[] written = store.get(WRITTEN);
    boolean fits =
        of != null
            && new String(of, UTF_8).equals(FORMAT + " " + topics)
            && written != null
            && ByteBuffer.wrap(written).getLong() >= since;
    return fits ? store : store.anew(directory, memory, topics);
  }

  /** Throws everything away and begins an empty board. */
  BoardStore anew(Path directory, long memory, String topics) {
    close();
    try (Options options = new Options()) {
      RocksDB.destroyDB(directory.toString(), options);
    } catch (RocksDBException e) {
      throw new BoardFailed("the board in " + directory + " cannot be thrown away", e);
    }
    BoardStore fresh = open(directory, memory);
    fresh.put(OF, (FORMAT + " " + topics).getBytes(UTF_8));
    return fresh;
  }

  private static BoardStore open(Path directory, long memory) {
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
      return new BoardStore(db, unlogged, List.of(db, options, unlogged, filter, cache));
    } catch (IOException | RocksDBException e) {
      throw new BoardFailed("the board in " + directory + " cannot be opened", e);
    }
  }

  /** A job, and what is needed to find it. */
  record Found(Card card, byte[] job) {}

  Optional<Found> job(String id) {
    byte[] bytes = get(BoardKeys.job(id));
    if (bytes == null) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Card card = Card.read(in);
    byte[] job = new byte[in.remaining()];
    in.get(job);
    return Optional.of(new Found(card, job));
  }

  /** The card of a job; null if there is no such job. */
  @Nullable Card card(String id) {
    byte[] bytes = get(BoardKeys.job(id));
    return bytes == null ? null : Card.read(ByteBuffer.wrap(bytes));
  }

  /** Writes a job down in place of what it was. */
  void put(String id, @Nullable Card before, Card card, byte[] job) {
    try {
      if (before != null) {
        dropLists(id, before, card);
      }
      byte[] type = card.type().getBytes(UTF_8);
      batch.put(
          BoardKeys.list(card, id),
          ByteBuffer.allocate(Long.BYTES + type.length)
              .putLong(card.fingerprint().value())
              .put(type)
              .array());
      if (card.phase() == Phase.READY) {
        batch.put(
            BoardKeys.ready(card, id),
            ByteBuffer.allocate(Long.BYTES).putLong(card.dueMicros()).array());
      }
      String key = card.key();
      if (key != null && before == null) {
        batch.put(BoardKeys.key(key, card.atMicros(), id), NOTHING);
      }
      batch.put(BoardKeys.job(id), card.with(job));
    } catch (RocksDBException e) {
      throw new BoardFailed("a job cannot be written", e);
    }
  }

  /** What stays as it was need not be dropped: a key that is deleted and put again costs twice. */
  private void dropLists(String id, Card before, @Nullable Card after) throws RocksDBException {
    boolean sameList = after != null && isListedAlike(before, after);
    if (!sameList) {
      batch.delete(BoardKeys.list(before, id));
    }
    boolean sameReady = after != null && sameList && before.order() == after.order();
    if (before.phase() == Phase.READY && !sameReady) {
      batch.delete(BoardKeys.ready(before, id));
    }
  }

  private static boolean isListedAlike(Card one, Card other) {
    return one.phase() == other.phase()
        && one.queue().equals(other.queue())
        && one.atMicros() == other.atMicros();
  }

  /** A job is known no more, nor what it has written. */
  void drop(String id, Card before) {
    try {
      dropLists(id, before, null);
      String key = before.key();
      if (key != null) {
        batch.delete(BoardKeys.key(key, before.atMicros(), id));
      }
      batch.delete(BoardKeys.job(id));
      byte[] lines = BoardKeys.lines(id);
      try (Scan scan = scan(lines, lines)) {
        while (scan.isValid()) {
          batch.delete(scan.key());
          scan.next();
        }
      }
    } catch (RocksDBException e) {
      throw new BoardFailed("a job cannot be dropped", e);
    }
  }

  void line(String id, long number, byte[] line) {
    try {
      batch.put(BoardKeys.line(id, number), line);
    } catch (RocksDBException e) {
      throw new BoardFailed("a line cannot be written", e);
    }
  }

  void position(String topic, int partition, long next) {
    try {
      batch.put(
          BoardKeys.position(topic, partition),
          ByteBuffer.allocate(Long.BYTES).putLong(next).array());
    } catch (RocksDBException e) {
      throw new BoardFailed("an offset cannot be written", e);
    }
  }

  OptionalLong position(String topic, int partition) {
    byte[] bytes = get(BoardKeys.position(topic, partition));
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(ByteBuffer.wrap(bytes).getLong());
  }

  /** How many writes have been gathered. */
  int gathered() {
    return batch.count();
  }

  /** Writes all that has been gathered. */
  void commit(long nowMillis) {
    try {
      batch.put(WRITTEN, ByteBuffer.allocate(Long.BYTES).putLong(nowMillis).array());
      db.write(unlogged, batch);
      batch.clear();
    } catch (RocksDBException e) {
      throw new BoardFailed("the board cannot be written", e);
    }
  }

  static Fingerprint fingerprintIn(byte[] listed) {
    return new Fingerprint(ByteBuffer.wrap(listed).getLong());
  }

  static String typeIn(byte[] listed) {
    return new String(listed, Long.BYTES, listed.length - Long.BYTES, UTF_8);
  }

  /** Keys that begin alike, in order, of one moment; to be closed. */
  final class Scan implements AutoCloseable {
    private final Slice end;
    private final ReadOptions options;
    private final RocksIterator iterator;

    private Scan(byte[] prefix, byte[] from) {
      closing.readLock().lock();
      boolean open = false;
      try {
        requireOpen();
        end = new Slice(BoardKeys.behind(prefix));
        options = new ReadOptions().setIterateUpperBound(end);
        iterator = db.newIterator(options);
        iterator.seek(from);
        open = true;
      } finally {
        if (!open) {
          closing.readLock().unlock();
        }
      }
    }

    boolean isValid() {
      if (iterator.isValid()) {
        return true;
      }
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw new BoardFailed("the board cannot be read", e);
      }
      return false;
    }

    byte[] key() {
      return iterator.key();
    }

    byte[] value() {
      return iterator.value();
    }

    void next() {
      iterator.next();
    }

    @Override
    public void close() {
      iterator.close();
      options.close();
      end.close();
      closing.readLock().unlock();
    }
  }

  /** The keys that begin so, from one of them on. By the same thread to be closed. */
  Scan scan(byte[] prefix, byte[] from) {
    return new Scan(prefix, from);
  }

  private byte @Nullable [] get(byte[] key) {
    closing.readLock().lock();
    try {
      requireOpen();
      return db.get(key);
    } catch (RocksDBException e) {
      throw new BoardFailed("the board cannot be read", e);
    } finally {
      closing.readLock().unlock();
    }
  }

  private void put(byte[] key, byte[] value) {
    try {
      db.put(unlogged, key, value);
    } catch (RocksDBException e) {
      throw new BoardFailed("the board cannot be written", e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new BoardClosed();
    }
  }

  /** Waits for whoever reads: memory must not go away under them. */
  @Override
  public void close() {
    closing.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      batch.close();
      for (AutoCloseable part : parts) {
        part.close();
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new BoardFailed("the board cannot be closed", e);
    } finally {
      closing.writeLock().unlock();
    }
  }
}
