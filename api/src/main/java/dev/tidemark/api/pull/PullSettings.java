package dev.tidemark.api.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.settings.Variables;

/**
 * How changes are handed out.
 *
 * @param cursorSecret what cursors are signed with, the same on every node
 * @param pageBytes how many bytes of changes a page may have, about
 */
public record PullSettings(String cursorSecret, int pageBytes) {
  private static final int PAGE_BYTES = 4 << 20;
  private static final int SHORTEST_SECRET = 32;

  public PullSettings {
    if (cursorSecret.getBytes(UTF_8).length < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "TIDEMARK_CURSOR_SECRET must be at least " + SHORTEST_SECRET + " bytes long");
    }
    if (pageBytes < 1024) {
      throw new IllegalArgumentException("TIDEMARK_PULL_PAGE_BYTES must be at least 1KiB");
    }
  }

  /** The defaults, with a secret. */
  public static PullSettings of(String cursorSecret) {
    return new PullSettings(cursorSecret, PAGE_BYTES);
  }

  /** Where tokens are checked with a secret, that one may do for cursors too. */
  public static PullSettings from(Variables variables) {
    String secret =
        variables
            .text("TIDEMARK_CURSOR_SECRET")
            .or(() -> variables.text("TIDEMARK_JWT_SECRET"))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "TIDEMARK_CURSOR_SECRET is not set: what cursors are signed with, the same"
                            + " on every node"));
    return new PullSettings(secret, variables.bytes("TIDEMARK_PULL_PAGE_BYTES", PAGE_BYTES));
  }

  @Override
  public String toString() {
    return "PullSettings[cursorSecret=…, pageBytes=" + pageBytes + "]";
  }
}
