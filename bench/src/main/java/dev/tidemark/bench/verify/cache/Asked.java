package dev.tidemark.bench.verify.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question that readers ask.
 *
 * @param path where
 * @param allowance for how long beyond the bound an answer may be given that is marked as stale
 * @param body the answer, given the rows; null if there is none
 */
record Asked(String path, long allowance, Story story, Function<State, @Nullable String> body) {
  /** Whether its query takes its time. */
  boolean slow() {
    return path.contains("/slow/");
  }

  byte[] request(String token, boolean atOnce) {
    return ("GET "
            + path
            + " HTTP/1.1\r\nHost: tidemark\r\nAuthorization: Bearer "
            + token
            + (atOnce ? "\r\nCache-Control: no-cache" : "")
            + "\r\n\r\n")
        .getBytes(US_ASCII);
  }
}
