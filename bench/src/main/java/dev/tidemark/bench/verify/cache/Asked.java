package dev.tidemark.bench.verify.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidemark.bench.verify.cache.wire.Wire;
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

  Wire.Sent sent(String token) {
    return new Wire.Sent(request(token, ""), request(token, "Cache-Control: no-cache\r\n"), path);
  }

  private byte[] request(String token, String header) {
    return "GET %s HTTP/1.1\r\nHost: tidemark\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(path, token, header)
        .getBytes(US_ASCII);
  }
}
