package dev.tidemark.connectors.capture;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the versions of one entity grow where its key is used again. Postgres writes a new row down
 * before it looks whether the key is free, and may have to wait for that; a deletion that made it
 * free was committed first and stands further on in the log all the same.
 *
 * <p>The latest deletions are remembered, of keys only. Not thread-safe.
 */
final class ReusedKeys {
  static final int MOST = 100_000;

  private final Map<EntityKey, Version> deleted =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<EntityKey, Version> eldest) {
          return size() > MOST;
        }
      };

  private @Nullable Version newest;

  /** An entity was deleted. */
  void deleted(EntityKey key, Version version) {
    deleted.remove(key);
    deleted.put(key, version);
    if (newest == null || version.isAfter(newest)) {
      newest = version;
    }
  }

  /** Whether {@link #version} may say something else than the position of a new row. */
  boolean mayBeBefore(Version version) {
    return newest != null && newest.isAfter(version);
  }

  /** The version of a new row that stands at this position. */
  Version version(EntityKey key, Version position) {
    Version before = deleted.get(key);
    return before == null || position.isAfter(before)
        ? position
        : new Version(before.epoch(), before.lsn() + 1);
  }
}
