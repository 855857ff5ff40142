package dev.tidemark.api.request;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names one request in headers, logs and problems.
 *
 * <p>A client's own id is taken over only if it cannot do harm in a log line or a header; any other
 * is replaced rather than refused, because a bad id is no reason to refuse the work.
 */
public record RequestId(String text) {
  public static final String HEADER = "X-Request-ID";

  private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._:+/=-]{1,64}");
  private static final RandomGenerator RANDOM = new SecureRandom();

  public RequestId {
    if (!ACCEPTABLE.matcher(text).matches()) {
      throw new IllegalArgumentException("not a request id");
    }
  }

  /** The client's id if there is an acceptable one, else a fresh one. */
  public static RequestId of(@Nullable String fromClient) {
    return fromClient != null && ACCEPTABLE.matcher(fromClient).matches()
        ? new RequestId(fromClient)
        : fresh();
  }

  public static RequestId fresh() {
    byte[] bits = new byte[16];
    RANDOM.nextBytes(bits);
    return new RequestId(HexFormat.of().formatHex(bits));
  }

  @Override
  public String toString() {
    return text;
  }
}
