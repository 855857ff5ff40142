package dev.tidemark.bench.pull;

import java.util.Arrays;

/**
 * Cuts what a server sends over a WebSocket into frames. It holds nothing as long as frames come
 * whole: ten thousand of these must not cost the clients more than what they measure costs. One
 * thread.
 */
final class Frames {
  private static final byte[] NOTHING = {};
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int LENGTH_OF_TWO = 126;
  private static final int LENGTH_OF_EIGHT = 127;
  private static final int LARGEST = 64 << 20;

  private byte[] held = NOTHING;
  private int count;

  /** What came. Bytes are valid only during the call. */
  interface Hearing {
    void text(byte[] bytes, int from, int to);

    void ping(byte[] bytes, int from, int to);

    void close(int code);
  }

  /** Takes what was read, and hands on whatever is complete. */
  void take(byte[] bytes, int from, int to, Hearing hearing) {
    if (count == 0) {
      int done = cut(bytes, from, to, hearing);
      hold(bytes, done, to);
      return;
    }
    int arrived = to - from;
    if (held.length < count + arrived) {
      held = Arrays.copyOf(held, Math.max(count + arrived, 2 * held.length));
    }
    System.arraycopy(bytes, from, held, count, arrived);
    int end = count + arrived;
    int done = cut(held, 0, end, hearing);
    if (done == end) {
      held = NOTHING;
      count = 0;
    } else {
      System.arraycopy(held, done, held, 0, end - done);
      count = end - done;
    }
  }

  private void hold(byte[] bytes, int from, int to) {
    if (from < to) {
      held = Arrays.copyOfRange(bytes, from, to);
      count = held.length;
    }
  }

  /** Returns where the first incomplete frame begins. */
  private static int cut(byte[] bytes, int from, int to, Hearing hearing) {
    int at = from;
    while (to - at >= 2) {
      int first = bytes[at] & 0xff;
      int second = bytes[at + 1] & 0xff;
      if ((first & FINAL) == 0 || (second & MASKED) != 0) {
        throw new IllegalStateException("a frame in parts, or masked, is not expected of a server");
      }
      int header = 2;
      long length = second & LENGTH;
      if (length == LENGTH_OF_TWO) {
        header = 4;
      } else if (length == LENGTH_OF_EIGHT) {
        header = 10;
      }
      if (to - at < header) {
        return at;
      }
      if (header > 2) {
        length = number(bytes, at + 2, at + header);
      }
      if (length < 0 || length > LARGEST) {
        throw new IllegalStateException("a frame of " + length + " bytes is not expected");
      }
      int begin = at + header;
      if (to - begin < length) {
        return at;
      }
      int end = begin + (int) length;
      tell(first & 0x0f, bytes, begin, end, hearing);
      at = end;
    }
    return at;
  }

  private static void tell(int kind, byte[] bytes, int from, int to, Hearing hearing) {
    switch (kind) {
      case 0x1 -> hearing.text(bytes, from, to);
      case 0x8 -> hearing.close(to - from < 2 ? 1005 : (int) number(bytes, from, from + 2));
      case 0x9 -> hearing.ping(bytes, from, to);
      default -> {
        // A pong that nobody asked for.
      }
    }
  }

  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number << 8 | bytes[i] & 0xff;
    }
    return number;
  }

  /** A frame as a client sends it; masked with zeros, which is as good a key as any here. */
  static byte[] ofClient(int kind, byte[] payload) {
    int header = payload.length < LENGTH_OF_TWO ? 2 : 4;
    if (payload.length > 0xffff) {
      throw new IllegalArgumentException("a client has nothing that long to say");
    }
    byte[] frame = new byte[header + 4 + payload.length];
    frame[0] = (byte) (FINAL | kind);
    if (header == 2) {
      frame[1] = (byte) (MASKED | payload.length);
    } else {
      frame[1] = (byte) (MASKED | LENGTH_OF_TWO);
      frame[2] = (byte) (payload.length >> 8);
      frame[3] = (byte) payload.length;
    }
    System.arraycopy(payload, 0, frame, header + 4, payload.length);
    return frame;
  }
}
