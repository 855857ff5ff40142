package dev.tidemark.connectors.work.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Files by key. A key is a path of names with slashes between. A file is there whole or not at all;
 * one that is put again is replaced. Thread-safe.
 */
public interface Storage {
  /** A file. */
  record Stored(String key, long bytes, Instant changed) {}

  /** Keeps what the stream holds to its end, however long that is. */
  void put(String key, String mediaType, InputStream content) throws IOException;

  /** What a file holds; the caller closes it. Empty if there is no such file. */
  Optional<InputStream> get(String key) throws IOException;

  /** What is known of a file. */
  Optional<Stored> head(String key) throws IOException;

  /**
   * The files whose keys begin so, by key.
   *
   * @param most no more than these
   */
  List<Stored> list(String prefix, int most) throws IOException;

  /** Removes a file. One that is not there is as good as removed. */
  void delete(String key) throws IOException;
}
