package dev.tidemark.api.request;

/**
 * Marks a request that one node makes of another for a caller of its own. It goes no further. It
 * proves nothing about who sent it: whoever sets it only loses the passing on.
 */
public final class Hop {
  public static final String HEADER = "X-Tidemark-Hop";

  private Hop() {}
}
