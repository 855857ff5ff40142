package dev.tidemark.api.interop;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.types.files.StreamedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An answer that may be larger than memory should be: beyond a limit it goes to a file, which is
 * gone when it has been sent. So it is complete before the first byte goes out, an error is an
 * error, and a slow device keeps nothing waiting but its file.
 */
final class Spool extends OutputStream {
  private final int limit;
  private ByteArrayOutputStream memory = new ByteArrayOutputStream(4096);
  private @Nullable Path file;
  private @Nullable OutputStream onDisk;

  Spool(int limit) {
    this.limit = limit;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (onDisk == null && memory.size() + length > limit) {
      Path made = Files.createTempFile("tidemark-pull-", ".json");
      file = made;
      OutputStream out = Files.newOutputStream(made);
      onDisk = out;
      memory.writeTo(out);
      memory = new ByteArrayOutputStream(0);
    }
    if (onDisk == null) {
      memory.write(bytes, offset, length);
    } else {
      onDisk.write(bytes, offset, length);
    }
  }

  @Override
  public void close() throws IOException {
    if (onDisk != null) {
      onDisk.close();
    }
  }

  /** Throws away what was written. */
  void abandon() throws IOException {
    close();
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }

  /** What was written, as an answer. */
  MutableHttpResponse<?> answer() throws IOException {
    close();
    Path written = file;
    MutableHttpResponse<?> response =
        written == null
            ? HttpResponse.ok(memory.toByteArray()).contentType(MediaType.APPLICATION_JSON_TYPE)
            : HttpResponse.ok(streamed(written));
    return response.header(HttpHeaders.CACHE_CONTROL, "private, no-store");
  }

  private static StreamedFile streamed(Path written) throws IOException {
    // Its name may be gone as soon as it is open.
    long size = Files.size(written);
    return new StreamedFile(
        Files.newInputStream(written, StandardOpenOption.DELETE_ON_CLOSE),
        MediaType.APPLICATION_JSON_TYPE,
        System.currentTimeMillis(),
        size);
  }
}
