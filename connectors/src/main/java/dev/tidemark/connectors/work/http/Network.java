package dev.tidemark.connectors.work.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Addresses that begin alike, as {@code 10.0.0.0/8}. */
record Network(InetAddress first, int bits) {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  Network {
    if (bits < 0 || bits > first.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException(bits + " bits are too many for " + first);
    }
  }

  /** Reads an address, or an address and how many of its bits count. */
  static Network parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (!LITERAL.matcher(address).matches()) {
      throw refused(text);
    }
    try {
      InetAddress first = InetAddress.getByName(address);
      int all = first.getAddress().length * Byte.SIZE;
      return new Network(first, slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
    } catch (UnknownHostException | IllegalArgumentException _) {
      throw refused(text);
    }
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no network; it looks like 10.0.0.0/8 or fd00::/8");
  }

  boolean contains(InetAddress address) {
    byte[] mine = first.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    if (!Arrays.equals(mine, 0, whole, other, 0, whole)) {
      return false;
    }
    int rest = bits % Byte.SIZE;
    return rest == 0
        || (Byte.toUnsignedInt(mine[whole]) >> (Byte.SIZE - rest))
            == (Byte.toUnsignedInt(other[whole]) >> (Byte.SIZE - rest));
  }

  @Override
  public String toString() {
    return first.getHostAddress() + "/" + bits;
  }
}
