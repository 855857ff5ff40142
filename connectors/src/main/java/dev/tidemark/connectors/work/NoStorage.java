package dev.tidemark.connectors.work;

import dev.tidemark.connectors.work.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Nobody has said where files are kept. */
final class NoStorage implements Storage {
  private static IOException refused() {
    return new IOException(
        "there is no storage: set TIDEMARK_S3_ENDPOINT or TIDEMARK_STORAGE_DIRECTORY");
  }

  @Override
  public void put(String key, String mediaType, InputStream content) throws IOException {
    throw refused();
  }

  @Override
  public Optional<InputStream> get(String key) throws IOException {
    throw refused();
  }

  @Override
  public Optional<Stored> head(String key) throws IOException {
    throw refused();
  }

  @Override
  public List<Stored> list(String prefix, int most) throws IOException {
    throw refused();
  }

  @Override
  public void delete(String key) throws IOException {
    throw refused();
  }
}
