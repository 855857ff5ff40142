package dev.tidemark.bench.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the messages of Postgres' output plugin pgoutput, protocol version 1. */
final class PgOutput {
  /** Microseconds between 1970 and 2000, where Postgres begins to count. */
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private PgOutput() {}

  /** A message. */
  sealed interface Message {}

  record Begin(long commitLsn, long committedMicros, long transaction) implements Message {}

  record Commit(long endLsn) implements Message {}

  record Relation(int id, String name, List<String> columns) implements Message {}

  record Insert(int relation, List<Value> after) implements Message {}

  record Update(int relation, List<Value> before, List<Value> after) implements Message {}

  record Delete(int relation, List<Value> before) implements Message {}

  record Truncate(List<Integer> relations) implements Message {}

  record Logical(boolean transactional, String prefix, String content) implements Message {}

  /** A message that tells of no change. */
  record Other() implements Message {}

  /**
   * A column's value.
   *
   * @param unchanged whether the log does not repeat it because an update left it alone
   */
  record Value(boolean unchanged, @Nullable String text) {}

  static Message read(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    char kind = (char) in.get();
    return switch (kind) {
      case 'B' ->
          new Begin(in.getLong(), in.getLong() + EPOCH_MICROS, Integer.toUnsignedLong(in.getInt()));
      case 'C' -> {
        in.get();
        in.getLong();
        yield new Commit(in.getLong());
      }
      case 'R' -> relation(in);
      case 'I' -> {
        int relation = in.getInt();
        expect(in, 'N');
        yield new Insert(relation, tuple(in));
      }
      case 'U' -> {
        int relation = in.getInt();
        // Not 'K': every table has REPLICA IDENTITY FULL.
        expect(in, 'O');
        List<Value> before = tuple(in);
        expect(in, 'N');
        yield new Update(relation, before, tuple(in));
      }
      case 'D' -> {
        int relation = in.getInt();
        expect(in, 'O');
        yield new Delete(relation, tuple(in));
      }
      case 'T' -> {
        int count = in.getInt();
        in.get();
        List<Integer> relations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          relations.add(in.getInt());
        }
        yield new Truncate(relations);
      }
      case 'M' -> {
        boolean transactional = in.get() == 1;
        in.getLong();
        String prefix = string(in);
        yield new Logical(transactional, prefix, text(in, in.getInt()));
      }
      case 'O', 'Y' -> new Other();
      default -> throw new IllegalArgumentException("pgoutput has no message '" + kind + "'");
    };
  }

  private static Relation relation(ByteBuffer in) {
    int id = in.getInt();
    string(in);
    String name = string(in);
    in.get();
    int count = in.getShort();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      in.get();
      columns.add(string(in));
      in.getInt();
      in.getInt();
    }
    return new Relation(id, name, columns);
  }

  private static List<Value> tuple(ByteBuffer in) {
    int count = in.getShort();
    List<Value> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      char kind = (char) in.get();
      values.add(
          switch (kind) {
            case 'n' -> new Value(false, null);
            case 'u' -> new Value(true, null);
            case 't' -> new Value(false, text(in, in.getInt()));
            default -> throw new IllegalArgumentException("a value of kind '" + kind + "'");
          });
    }
    return values;
  }

  private static void expect(ByteBuffer in, char wanted) {
    char found = (char) in.get();
    if (found != wanted) {
      throw new IllegalArgumentException(
          "a tuple of kind '" + found + "' where '" + wanted + "' belongs");
    }
  }

  private static String string(ByteBuffer in) {
    int length = 0;
    while (in.get(in.position() + length) != 0) {
      length++;
    }
    String text = text(in, length);
    in.get();
    return text;
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }
}
