package dev.tidemark.connectors.capture.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON written into a byte array that grows. Not thread-safe; meant to be used again. */
final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int KEPT_CAPACITY = 1 << 20;

  private byte[] bytes = new byte[1024];
  private int size;

  void clear() {
    size = 0;
    if (bytes.length > KEPT_CAPACITY) {
      bytes = new byte[1024];
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  int size() {
    return size;
  }

  JsonBytes raw(byte[] ascii) {
    return raw(ascii, 0, ascii.length);
  }

  /** Bytes that are JSON already. */
  JsonBytes raw(byte[] json, int from, int to) {
    int length = to - from;
    ensure(length);
    System.arraycopy(json, from, bytes, size, length);
    size += length;
    return this;
  }

  JsonBytes raw(char c) {
    ensure(1);
    bytes[size++] = (byte) c;
    return this;
  }

  /** Text that is JSON already. */
  JsonBytes json(String text) {
    int length = text.length();
    ensure(length);
    int from = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = from;
        return raw(text.getBytes(UTF_8));
      }
      bytes[size++] = (byte) c;
    }
    return this;
  }

  JsonBytes number(long number) {
    if (number < 0) {
      return json(Long.toString(number));
    }
    ensure(20);
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int at = size + digits;
    long rest = number;
    do {
      bytes[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    size += digits;
    return this;
  }

  /** A JSON string of this text. */
  JsonBytes quoted(String text) {
    int length = text.length();
    ensure(length + 2);
    bytes[size++] = '"';
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80) {
        break;
      }
      bytes[size++] = (byte) c;
      i++;
    }
    if (i < length) {
      quotedSlowly(text, i);
    }
    ensure(1);
    bytes[size++] = '"';
    return this;
  }

  private void quotedSlowly(String text, int from) {
    int length = text.length();
    for (int i = from; i < length; i++) {
      ensure(6);
      char c = text.charAt(i);
      if (c >= 0x80) {
        int codePoint = c;
        if (Character.isHighSurrogate(c) && i + 1 < length) {
          codePoint = Character.toCodePoint(c, text.charAt(++i));
        }
        utf8(codePoint);
      } else if (c == '"' || c == '\\') {
        bytes[size++] = '\\';
        bytes[size++] = (byte) c;
      } else if (c >= 0x20) {
        bytes[size++] = (byte) c;
      } else {
        control(c);
      }
    }
  }

  private void control(char c) {
    bytes[size++] = '\\';
    switch (c) {
      case '\n' -> bytes[size++] = 'n';
      case '\r' -> bytes[size++] = 'r';
      case '\t' -> bytes[size++] = 't';
      default -> {
        bytes[size++] = 'u';
        bytes[size++] = '0';
        bytes[size++] = '0';
        bytes[size++] = HEX[c >> 4];
        bytes[size++] = HEX[c & 0xF];
      }
    }
  }

  private void utf8(int codePoint) {
    if (codePoint < 0x800) {
      bytes[size++] = (byte) (0xC0 | codePoint >> 6);
    } else if (codePoint < 0x10000) {
      bytes[size++] = (byte) (0xE0 | codePoint >> 12);
      bytes[size++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
    } else {
      bytes[size++] = (byte) (0xF0 | codePoint >> 18);
      bytes[size++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
      bytes[size++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
    }
    bytes[size++] = (byte) (0x80 | codePoint & 0x3F);
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
