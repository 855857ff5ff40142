package dev.tidemark.pipeline.scopelog;

import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.Latest;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Position;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A snapshot of the log: entries and the end of them are of one moment. */
final class RocksView implements LogView {
  private final RocksDB db;
  private final Runnable onClose;
  private final Moment moment;
  private final ReadOptions options;
  private final Position end;
  private final Position built;
  private final Position horizon;

  RocksView(RocksDB db, Moment moment, Runnable onClose) {
    this.db = db;
    this.moment = moment;
    this.onClose = onClose;
    this.options = moment.options();
    this.end = RocksLog.end(get(RocksLog.Meta.END));
    this.built = position(get(RocksLog.Meta.BUILT_AT), end);
    this.horizon = position(get(RocksLog.Meta.HORIZON_AT), Position.START);
  }

  private byte @Nullable [] get(RocksLog.Meta meta) {
    return get(meta.key());
  }

  private byte @Nullable [] get(byte[] key) {
    try {
      return db.get(options, key);
    } catch (RocksDBException e) {
      throw new LogFailed("the log cannot be read", e);
    }
  }

  private static Position position(byte @Nullable [] bytes, Position otherwise) {
    return bytes == null ? otherwise : EntryBytes.readPosition(bytes);
  }

  @Override
  public Position end() {
    return end;
  }

  @Override
  public Position built() {
    return built;
  }

  @Override
  public Position horizon() {
    return horizon;
  }

  @Override
  public Entries entries(String scope, Position from) {
    byte[] prefix = Keys.logOf(scope);
    Cursor cursor = new Cursor(prefix);
    cursor.iterator.seek(Keys.log(scope, from));
    return cursor;
  }

  @Override
  public Optional<Latest> latest(String scope, String type, String id) {
    return Optional.ofNullable(get(Keys.latest(scope, type, id))).map(EntryBytes::readLatest);
  }

  @Override
  public Optional<Entry> entry(String scope, String type, String id) {
    return latest(scope, type, id)
        .map(Latest::position)
        .flatMap(
            position ->
                Optional.ofNullable(get(Keys.log(scope, position)))
                    .map(entry -> EntryBytes.read(position, entry)));
  }

  @Override
  public Optional<Entry> last(String scope) {
    try (Cursor cursor = new Cursor(Keys.logOf(scope))) {
      cursor.iterator.seekToLast();
      return cursor.hasNext() ? Optional.of(cursor.entry()) : Optional.empty();
    }
  }

  @Override
  public void close() {
    options.close();
    moment.leave();
    onClose.run();
  }

  private final class Cursor implements Entries {
    private final Slice first;
    private final Slice behind;
    private final ReadOptions bounded;
    private final RocksIterator iterator;

    Cursor(byte[] prefix) {
      first = new Slice(prefix);
      behind = new Slice(Keys.behind(prefix));
      bounded = moment.options().setIterateLowerBound(first).setIterateUpperBound(behind);
      iterator = db.newIterator(bounded);
    }

    @Override
    public boolean hasNext() {
      if (iterator.isValid()) {
        return true;
      }
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw new LogFailed("the log cannot be read", e);
      }
      return false;
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the scope has no more entries");
      }
      Entry entry = entry();
      iterator.next();
      return entry;
    }

    private Entry entry() {
      return EntryBytes.read(Keys.positionIn(iterator.key()), iterator.value());
    }

    @Override
    public void close() {
      iterator.close();
      bounded.close();
      behind.close();
      first.close();
    }
  }
}
