package dev.tidemark.api.rate;

import java.net.InetAddress;

/** The other nodes, which pass on the requests of many clients from one address. */
@FunctionalInterface
public interface Peers {
  boolean isPeer(InetAddress address);
}
