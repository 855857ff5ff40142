package dev.tidemark.pipeline.scopelog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.Version;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.Latest;
import dev.tidemark.pipeline.scopelog.core.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of entries in the store. The store is a copy that can be built anew, so a new form needs
 * a new {@link #FORMAT} and no reader of the old one.
 */
final class EntryBytes {
  /** Kept in the store: one of another format is thrown away and built anew. */
  static final int FORMAT = 1;

  private static final int POSITION = Long.BYTES + Integer.BYTES;
  private static final int VERSION = Integer.BYTES + Long.BYTES;
  private static final byte PUT = 1;
  private static final byte REMOVE = 0;

  private EntryBytes() {}

  /** All but the position, which is in the key. */
  static byte[] write(Entry entry) {
    byte[] type = entry.type().getBytes(UTF_8);
    byte[] id = entry.id().getBytes(UTF_8);
    List<byte[]> scopes = entry.scopes().stream().map(scope -> scope.getBytes(UTF_8)).toList();
    String by = entry.device();
    byte[] device = by == null ? null : by.getBytes(UTF_8);
    int size =
        1 + POSITION + VERSION + 2 * Long.BYTES + 4 * Integer.BYTES + type.length + id.length;
    for (byte[] scope : scopes) {
      size += Integer.BYTES + scope.length;
    }
    size += device == null ? 0 : device.length;
    ByteBuffer out = ByteBuffer.allocate(size + entry.change().length);
    out.put(entry.put() ? PUT : REMOVE);
    write(out, entry.entered());
    write(out, entry.version());
    out.putLong(entry.transaction()).putLong(entry.committedMicros());
    out.putInt(type.length).put(type).putInt(id.length).put(id).putInt(scopes.size());
    for (byte[] scope : scopes) {
      out.putInt(scope.length).put(scope);
    }
    if (device == null) {
      out.putInt(-1);
    } else {
      out.putInt(device.length).put(device);
    }
    return out.put(entry.change()).array();
  }

  static Entry read(Position position, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    boolean put = in.get() == PUT;
    Position entered = readPosition(in);
    Version version = readVersion(in);
    long transaction = in.getLong();
    long committed = in.getLong();
    String type = text(in, in.getInt());
    String id = text(in, in.getInt());
    int count = in.getInt();
    List<String> scopes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      scopes.add(text(in, in.getInt()));
    }
    int length = in.getInt();
    @Nullable String device = length < 0 ? null : text(in, length);
    byte[] change = new byte[in.remaining()];
    in.get(change);
    return new Entry(
        position, entered, put, type, id, version, scopes, transaction, committed, device, change);
  }

  static byte[] write(Entry entry, Position entered) {
    ByteBuffer out = ByteBuffer.allocate(2 * POSITION + VERSION + 1);
    write(out, entry.position());
    write(out, entered);
    write(out, entry.version());
    return out.put(entry.put() ? PUT : REMOVE).array();
  }

  static Latest readLatest(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Latest(readPosition(in), readPosition(in), readVersion(in), in.get() == PUT);
  }

  static byte[] write(Position position) {
    ByteBuffer out = ByteBuffer.allocate(POSITION);
    write(out, position);
    return out.array();
  }

  static Position readPosition(byte[] bytes) {
    return readPosition(ByteBuffer.wrap(bytes));
  }

  static Position readPosition(ByteBuffer in) {
    return new Position(in.getLong(), in.getInt());
  }

  /** As a part of a key: sorts as positions do. */
  static void write(ByteBuffer out, Position position) {
    out.putLong(position.offset()).putInt(position.index());
  }

  private static void write(ByteBuffer out, Version version) {
    out.putInt(version.epoch()).putLong(version.lsn());
  }

  private static Version readVersion(ByteBuffer in) {
    return new Version(in.getInt(), in.getLong());
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }
}
