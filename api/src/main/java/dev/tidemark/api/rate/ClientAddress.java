package dev.tidemark.api.rate;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Which client a request counts against. */
final class ClientAddress {
  private ClientAddress() {}

  /**
   * @param peer the other end of the connection
   * @param forwarded the entries of X-Forwarded-For, in order
   * @param hops how many of them, from the end, trusted proxies have written
   */
  static String keyOf(InetAddress peer, List<String> forwarded, int hops) {
    if (hops == 0 || forwarded.size() < hops) {
      return keyOf(peer);
    }
    // Not resolved: whatever the trusted proxy wrote is only compared.
    String entry = forwarded.get(forwarded.size() - hops).strip();
    return entry.length() > 45 ? keyOf(peer) : entry;
  }

  /** An IPv6 client has a whole /64 to itself, so that is what counts. */
  static String keyOf(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(bytes, 8)) + "/64"
        : address.getHostAddress();
  }
}
