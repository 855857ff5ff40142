package dev.tidemark.pipeline.scopelog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.pipeline.scopelog.core.Position;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of the store, by their first byte. Texts come from Postgres and so have no zero byte,
 * which ends them here.
 *
 * <pre>
 * L scope 0 position        the entry, in the order of its scope
 * E scope 0 type/id         where the entry of a row is
 * R type/id 0 scope         the scopes that have an entry for a row
 * D position scope          removals, in order, to be forgotten one day
 * M name                    what the store knows of itself
 * </pre>
 */
final class Keys {
  static final int POSITION = Long.BYTES + Integer.BYTES;

  private static final byte LOG = 'L';
  private static final byte LATEST = 'E';
  private static final byte ROW = 'R';
  private static final byte REMOVAL = 'D';
  private static final byte META = 'M';

  private Keys() {}

  static byte[] log(String scope, Position position) {
    byte[] text = scope.getBytes(UTF_8);
    ByteBuffer key = ByteBuffer.allocate(text.length + 2 + POSITION);
    key.put(LOG).put(text).put((byte) 0);
    EntryBytes.write(key, position);
    return key.array();
  }

  /** All entries of a scope begin so. */
  static byte[] logOf(String scope) {
    return text(LOG, scope, "");
  }

  static Position positionIn(byte[] logKey) {
    return EntryBytes.readPosition(ByteBuffer.wrap(logKey, logKey.length - POSITION, POSITION));
  }

  static byte[] latest(String scope, String type, String id) {
    return text(LATEST, scope, type + "/" + id);
  }

  static byte[] row(String type, String id, String scope) {
    return text(ROW, type + "/" + id, scope);
  }

  /** All scopes of a row begin so. */
  static byte[] scopesOf(String type, String id) {
    return text(ROW, type + "/" + id, "");
  }

  /** All rows of a type begin so. */
  static byte[] rowsOf(String type) {
    return ((char) ROW + type + "/").getBytes(UTF_8);
  }

  static byte[] removal(Position position, String scope) {
    byte[] text = scope.getBytes(UTF_8);
    ByteBuffer key = ByteBuffer.allocate(1 + POSITION + text.length);
    key.put(REMOVAL);
    EntryBytes.write(key, position);
    return key.put(text).array();
  }

  static byte[] removals() {
    return new byte[] {REMOVAL};
  }

  static Position positionOfRemoval(byte[] key) {
    return EntryBytes.readPosition(ByteBuffer.wrap(key, 1, POSITION));
  }

  static String scopeOfRemoval(byte[] key) {
    return new String(key, 1 + POSITION, key.length - 1 - POSITION, UTF_8);
  }

  static byte[] meta(String name) {
    return ((char) META + name).getBytes(US_ASCII);
  }

  /** What stands behind the first zero byte. */
  static String behindZero(byte[] key) {
    int zero = zero(key);
    return new String(key, zero + 1, key.length - zero - 1, UTF_8);
  }

  /** What stands between these many bytes and the first zero byte. */
  static String beforeZero(byte[] key, int from) {
    return new String(key, from, zero(key) - from, UTF_8);
  }

  /** The first key behind all that begin so. */
  static byte[] behind(byte[] prefix) {
    byte[] end = Arrays.copyOf(prefix, prefix.length);
    for (int i = end.length - 1; i >= 0; i--) {
      if (end[i] != (byte) 0xFF) {
        end[i]++;
        return Arrays.copyOf(end, i + 1);
      }
    }
    throw new IllegalArgumentException("no key is behind this prefix");
  }

  private static int zero(byte[] key) {
    for (int i = 0; i < key.length; i++) {
      if (key[i] == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("a key without a zero byte");
  }

  private static byte[] text(byte kind, String first, String second) {
    byte[] one = first.getBytes(UTF_8);
    byte[] two = second.getBytes(UTF_8);
    return ByteBuffer.allocate(2 + one.length + two.length)
        .put(kind)
        .put(one)
        .put((byte) 0)
        .put(two)
        .array();
  }
}
