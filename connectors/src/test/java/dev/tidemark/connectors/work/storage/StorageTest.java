package dev.tidemark.connectors.work.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both storages mean the same. */
@Timeout(120)
class StorageTest {
  private static final int LONG = 20 * 1024 * 1024 + 7;

  enum Kind {
    S3,
    DIRECTORY
  }

  private static Bucket bucket;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    bucket = new Bucket();
  }

  @AfterAll
  static void stop() throws Exception {
    bucket.close();
  }

  private Storage storage(Kind kind) {
    return kind == Kind.S3
        ? new S3Storage(bucket.settings())
        : new DirectoryStorage(directory.resolve("files"));
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPutIsThereUntilItIsDeleted(Kind kind) throws Exception {
    Storage storage = storage(kind);
    assertThat(storage.get("a/one.txt")).isEmpty();
    assertThat(storage.head("a/one.txt")).isEmpty();
    assertThat(storage.list("a/", 10)).isEmpty();
    storage.put("a/one.txt", "text/plain", text("first"));
    storage.put("a/one.txt", "text/plain", text("second"));
    storage.put("a/two", "text/plain", text(""));
    storage.put("ab", "text/plain", text("other"));
    assertThat(read(storage, "a/one.txt")).isEqualTo("second");
    assertThat(storage.head("a/one.txt")).get().extracting(Storage.Stored::bytes).isEqualTo(6L);
    assertThat(storage.list("a/", 10))
        .extracting(Storage.Stored::key)
        .containsExactly("a/one.txt", "a/two");
    assertThat(storage.list("a", 2)).hasSize(2);
    storage.delete("a/one.txt");
    storage.delete("a/one.txt");
    assertThat(storage.get("a/one.txt")).isEmpty();
    storage.delete("a/two");
    storage.delete("ab");
  }

  private static String read(Storage storage, String key) throws IOException {
    try (InputStream content = storage.get(key).orElseThrow()) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLongFileComesBackByteForByte(Kind kind) throws Exception {
    Storage storage = storage(kind);
    byte[] content = new byte[LONG];
    new Random(1).nextBytes(content);
    storage.put("long/file", "application/octet-stream", new ByteArrayInputStream(content));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(storage.get("long/file").orElseThrow(), digest)) {
      assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(LONG);
    }
    assertThat(digest.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
    storage.delete("long/file");
  }

  private static final class BrokenStream extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the source broke off");
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return read();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatBreaksOffIsNotThere(Kind kind) throws Exception {
    Storage storage = storage(kind);
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(new byte[9 * 1024 * 1024]), new BrokenStream());
    assertThatThrownBy(() -> storage.put("broken", "text/plain", broken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("broke off");
    assertThat(storage.head("broken")).isEmpty();
    assertThat(storage.list("b", 10)).isEmpty();
    if (kind == Kind.S3) {
      assertThat(bucket.openUploads()).as("parts that nobody will ever complete").isZero();
    } else {
      try (Stream<Path> left = Files.list(directory.resolve("files"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyLeadsNowhereElse(Kind kind) {
    Storage storage = storage(kind);
    for (String key :
        new String[] {
          "", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".hidden", "a\0b", "ü"
        }) {
      assertThatThrownBy(() -> storage.get(key)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whoHasNoRightsIsToldSo() {
    try (S3Storage storage = new S3Storage(bucket.settings("wrong"))) {
      assertThatThrownBy(() -> storage.get("a"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("the object storage cannot get a: ");
    }
  }
}
