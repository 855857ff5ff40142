package dev.tidemark.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of 127.0.0.1 that nobody listens on. */
public final class FreePort {
  // Below the range that systems give to outgoing connections, so that none of those takes a port
  // between the moment it is picked and the moment a server listens on it.
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 1_000;

  private static final Set<Integer> PICKED = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /** A free port that this process has not picked before. */
  public static int pick() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port) && PICKED.add(port)) {
        return port;
      }
    }
    throw new ServerException(
        "No free port between " + LOWEST + " and " + HIGHEST + ": stop what listens there.");
  }

  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /** Throws a {@link ServerException} if somebody listens on the port that the server wants. */
  public static void require(int port, String server) {
    if (!isFree(port)) {
      throw new ServerException(
          "Port "
              + port
              + " is taken, so "
              + server
              + " cannot listen there: stop what listens on it, or choose another port.");
    }
  }
}
