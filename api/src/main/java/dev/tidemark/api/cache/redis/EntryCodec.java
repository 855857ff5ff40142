package dev.tidemark.api.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.cache.Answer;
import dev.tidemark.pipeline.cache.core.Sight;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * An answer as Redis holds it: a line of fields that the scripts can read, then the body. {@code
 * common.lua} has the fields.
 */
final class EntryCodec {
  private static final String VERSION = "1";
  private static final int COMPRESS_ABOVE = 10 << 10;
  private static final int LARGEST_BODY = 64 << 20;
  private static final int FIXED_FIELDS = 9;

  private static final int BUFFER = 8 << 10;

  private EntryCodec() {}

  static byte[] encode(Answer answer, String epoch) {
    boolean compressed = answer.body().length > COMPRESS_ABOVE;
    byte[] body = compressed ? deflate(answer.body()) : answer.body();
    StringBuilder line = new StringBuilder(VERSION);
    field(line, epoch);
    String[] sight = answer.sight().text().split(":", -1);
    for (String part : sight) {
      field(line, part);
    }
    field(line, Long.toString(answer.fetchedAtMillis()));
    field(line, Long.toString(answer.expiresAtMillis()));
    field(line, compressed ? "z" + answer.body().length : "r");
    field(line, answer.etag());
    answer.dependencies().forEach(dependency -> field(line, Targets.safe(dependency)));
    byte[] head = line.append('\n').toString().getBytes(UTF_8);
    byte[] entry = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, entry, head.length, body.length);
    return entry;
  }

  /**
   * Reads an entry back.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Answer decode(String key, byte[] entry) {
    int end = 0;
    while (end < entry.length && entry[end] != '\n') {
      end++;
    }
    String[] fields = new String(entry, 0, end, UTF_8).split("\t", -1);
    if (end == entry.length || fields.length < FIXED_FIELDS || !fields[0].equals(VERSION)) {
      throw new IllegalArgumentException("not an entry");
    }
    byte[] stored = Arrays.copyOfRange(entry, end + 1, entry.length);
    String encoding = fields[7];
    byte[] body =
        encoding.startsWith("z")
            ? inflate(stored, Integer.parseInt(encoding.substring(1)))
            : stored;
    List<String> dependencies = new ArrayList<>();
    for (int i = FIXED_FIELDS; i < fields.length; i++) {
      dependencies.add(Targets.raw(fields[i]));
    }
    return new Answer(
        key,
        body,
        fields[8],
        Sight.parse(fields[2] + ":" + fields[3] + ":" + fields[4]),
        dependencies,
        Long.parseLong(fields[5]),
        Long.parseLong(fields[6]));
  }

  private static void field(StringBuilder line, String value) {
    line.append('\t').append(value);
  }

  private static byte[] deflate(byte[] body) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(body);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
      byte[] buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] stored, int length) {
    if (length < 0 || length > LARGEST_BODY) {
      throw new IllegalArgumentException("a body of " + length + " bytes");
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(stored);
      byte[] body = new byte[length];
      int at = 0;
      while (at < length) {
        int count = inflater.inflate(body, at, length - at);
        if (count == 0) {
          throw new IllegalArgumentException("a body that ends too soon");
        }
        at += count;
      }
      return body;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a body that cannot be read", e);
    } finally {
      inflater.end();
    }
  }

  /** Targets as fields: what would end a field or a line is written otherwise. */
  static final class Targets {
    private Targets() {}

    /** A percent sign in a target always begins one of three characters, so this can be undone. */
    static String safe(String target) {
      StringBuilder safe = null;
      for (int i = 0; i < target.length(); i++) {
        char c = target.charAt(i);
        if (c < ' ') {
          safe = safe == null ? new StringBuilder(target.substring(0, i)) : safe;
          safe.append('%').append(c < 16 ? "0" : "1").append(Character.forDigit(c & 15, 16));
        } else if (safe != null) {
          safe.append(c);
        }
      }
      return safe == null ? target : safe.toString();
    }

    static String raw(String safe) {
      StringBuilder raw = null;
      for (int i = 0; i < safe.length(); i++) {
        char c = safe.charAt(i);
        boolean isEscape =
            c == '%'
                && i + 2 < safe.length()
                && (safe.charAt(i + 1) == '0' || safe.charAt(i + 1) == '1')
                && Character.digit(safe.charAt(i + 2), 16) >= 0;
        if (isEscape) {
          raw = raw == null ? new StringBuilder(safe.substring(0, i)) : raw;
          raw.append((char) Integer.parseInt(safe, i + 1, i + 3, 16));
          i += 2;
        } else if (raw != null) {
          raw.append(c);
        }
      }
      return raw == null ? safe : raw.toString();
    }
  }
}
