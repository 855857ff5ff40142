package dev.tidemark.connectors.work.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Looks whether to go on each time somebody reads. */
final class Watched extends FilterInputStream {
  private final Archive.Going going;

  Watched(InputStream in, Archive.Going going) {
    super(in);
    this.going = going;
  }

  @Override
  public int read() throws IOException {
    going.check();
    return super.read();
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    going.check();
    return super.read(bytes, from, length);
  }
}
