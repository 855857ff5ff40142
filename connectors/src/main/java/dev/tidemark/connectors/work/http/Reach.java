package dev.tidemark.connectors.work.http;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Whom a job may ask. Addresses inside our own networks count as out of reach, because whoever
 * names the URL is often not whoever runs the machine.
 *
 * @param hosts the only hosts that may be asked, as {@code shop.example} or {@code *.example};
 *     empty for any
 * @param inner networks that may be asked although they are not public
 */
public record Reach(List<String> hosts, List<String> inner) {
  private static final int LONGEST_URL = 2_000;

  /** What is not the public Internet, or leads elsewhere than it says. */
  private static final List<Network> NOT_PUBLIC =
      List.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4",
              "240.0.0.0/4",
              "::/96",
              "64:ff9b::/96",
              "64:ff9b:1::/48",
              "100::/64",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "3fff::/20",
              "5f00::/16",
              "fc00::/7",
              "fe80::/10",
              "fec0::/10",
              "ff00::/8")
          .stream()
          .map(Network::parse)
          .toList();

  public Reach {
    requireNonNull(hosts, "hosts is null");
    hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    inner = List.copyOf(inner);
    inner.forEach(Network::parse);
  }

  /** Any public host. */
  public static Reach open() {
    return new Reach(List.of(), List.of());
  }

  /** Reads two lists, each with commas between. */
  public static Reach parse(String hosts, String inner) {
    return new Reach(list(hosts), list(inner));
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(one -> !one.isEmpty()).toList();
  }

  /**
   * The URL, if its words allow that it is asked.
   *
   * @throws AddressRefused if not
   */
  public URI url(String text) throws AddressRefused {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new AddressRefused("'" + brief(text) + "' is no URL");
    }
    String scheme = url.getScheme();
    if (scheme == null
        || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
        || url.getHost() == null
        || text.length() > LONGEST_URL) {
      throw new AddressRefused("'" + brief(text) + "' is no URL of http or https");
    }
    if (url.getRawUserInfo() != null) {
      throw new AddressRefused("a URL may not hold a user");
    }
    String host = url.getHost().toLowerCase(Locale.ROOT);
    if (!hosts.isEmpty() && hosts.stream().noneMatch(one -> matches(one, host))) {
      throw new AddressRefused(host + " is not among the hosts that may be asked");
    }
    return url;
  }

  private static boolean matches(String pattern, String host) {
    return pattern.startsWith("*.") ? host.endsWith(pattern.substring(1)) : pattern.equals(host);
  }

  /**
   * The addresses of a host, if each of them may be asked. One that may not condemns all: it is not
   * for us to choose the harmless one.
   */
  InetAddress[] addresses(String host, InetAddress[] found) throws AddressRefused {
    for (InetAddress address : found) {
      if (NOT_PUBLIC.stream().anyMatch(network -> network.contains(address))
          && inner.stream().map(Network::parse).noneMatch(one -> one.contains(address))) {
        throw new AddressRefused(
            host + " is at " + address.getHostAddress() + ", which is not a public address");
      }
    }
    return found.clone();
  }

  private static String brief(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
