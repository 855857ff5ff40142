package dev.tidemark.api.entities;

import static java.util.Objects.requireNonNull;

/** Under which other nodes reach the api of a node. */
public record NodeAddress(String host, int port) {
  public NodeAddress {
    requireNonNull(host, "host is null");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
