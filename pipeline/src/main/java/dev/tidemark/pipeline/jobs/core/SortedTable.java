package dev.tidemark.pipeline.jobs.core;

import org.jspecify.annotations.Nullable;

/** Bytes by bytes, in the order of the keys, unsigned. */
public interface SortedTable {
  byte @Nullable [] get(byte[] key);

  void put(byte[] key, byte[] value);

  /** Puts what is not there; to say so saves that it is deleted if it does not stay. */
  default void putNew(byte[] key, byte[] value) {
    put(key, value);
  }

  void delete(byte[] key);

  /**
   * Goes through what is there, from a key on; to be closed. What is written meanwhile may be seen
   * or not.
   *
   * @param to the first key that is not wanted any more
   */
  Scan scan(byte[] from, byte[] to);

  /** A way through a part of the table. */
  interface Scan extends AutoCloseable {
    boolean hasNext();

    /** The next key, which is read but not passed. */
    byte[] key();

    byte[] value();

    /** Passes it. */
    void next();

    @Override
    void close();
  }
}
