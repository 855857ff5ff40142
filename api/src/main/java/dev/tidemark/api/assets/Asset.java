package dev.tidemark.api.assets;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * A file as it is served.
 *
 * @param address where; it has a hash of the content, so what is there never changes
 * @param gzip the content compressed, if it is large enough for that
 */
record Asset(String address, String type, String hash, byte[] content, Optional<byte[]> gzip) {
  private static final int HASH_LENGTH = 12;
  private static final int WORTH_COMPRESSING = 1024;
  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2");

  Asset {
    requireNonNull(address, "address is null");
    requireNonNull(type, "type is null");
    requireNonNull(hash, "hash is null");
    requireNonNull(content, "content is null");
    requireNonNull(gzip, "gzip is null");
  }

  static Asset of(String name, byte[] content) {
    int dot = name.lastIndexOf('.');
    String extension = name.substring(dot + 1);
    String type = TYPES.get(extension);
    if (dot < 1 || type == null) {
      throw new IllegalArgumentException(name + " has no extension with a known content type");
    }
    String hash = hash(content);
    return new Asset(
        Assets.PATH + "/" + name.substring(0, dot) + "-" + hash + "." + extension,
        type,
        hash,
        content,
        content.length > WORTH_COMPRESSING ? Optional.of(gzipped(content)) : Optional.empty());
  }

  /** Strong: the compressed content has one of its own. */
  String etag(boolean compressed) {
    return '"' + hash + (compressed ? "-gzip" : "") + '"';
  }

  private static String hash(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(hash).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every platform has SHA-256", e);
    }
  }

  private static byte[] gzipped(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    return bytes.toByteArray();
  }
}
