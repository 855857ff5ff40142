package dev.tidemark.connectors.work.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What somebody writes; ends only if they say that it is whole, and fails otherwise. */
final class WholeInput extends FilterInputStream {
  /** Waits for whoever writes. */
  @FunctionalInterface
  interface Whole {
    /**
     * Returns if all was written.
     *
     * @throws IOException if not
     */
    void check() throws IOException;
  }

  private final Whole whole;

  WholeInput(InputStream in, Whole whole) {
    super(in);
    this.whole = whole;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    if (read < 0) {
      whole.check();
    }
    return read;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = super.read(bytes, from, length);
    if (read < 0) {
      whole.check();
    }
    return read;
  }
}
