package dev.tidemark.contract.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The header {@code Tidemark-Signature: t=1767225600,v1=(64 hex digits)}: the seconds since 1970
 * when it was signed, and the HMAC-SHA256 of time, id and body, with a line feed between them,
 * under a secret that both sides have. There may be several {@code v1}, for a time in which a
 * secret is changed for another.
 */
public final class WebhookSignature {
  public static final String HEADER = "Tidemark-Signature";

  /** The same in each attempt of a delivery; who has seen it has the delivery already. */
  public static final String ID_HEADER = "Tidemark-Id";

  /** What the delivery is about. */
  public static final String EVENT_HEADER = "Tidemark-Event";

  /** How far the clocks of both sides may be apart. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** Shorter ones can be guessed. */
  public static final int SHORTEST_SECRET = 16;

  private static final int LONGEST_HEADER = 1_000;
  private static final int LONGEST_TIME = 12;
  private static final int MOST_SIGNATURES = 5;
  private static final String ALGORITHM = "HmacSHA256";

  /** What is to be thought of a call. */
  public enum Verdict {
    /** Whoever called has the secret, and has signed just now. */
    GENUINE,
    /** There is no signature that can be read. */
    UNREADABLE,
    /** It was signed too long ago, or by a clock that is ahead. */
    STALE,
    /** It was signed with another secret, or something else was signed. */
    FORGED
  }

  private WebhookSignature() {}

  /**
   * The value of the header.
   *
   * @param id the value of {@link #ID_HEADER}, without a line feed
   */
  public static String sign(String secret, Instant time, String id, byte[] body) {
    long seconds = time.getEpochSecond();
    return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac(secret, seconds, id, body));
  }

  /**
   * Judges a call.
   *
   * @param header the value of the header
   * @param id what the call says that it is; empty if it does not
   * @param body what came, byte for byte
   */
  public static Verdict verify(
      String secret, String header, String id, byte[] body, Instant now, Duration tolerance) {
    if (header.length() > LONGEST_HEADER) {
      return Verdict.UNREADABLE;
    }
    long seconds = -1;
    List<byte[]> given = new ArrayList<>();
    for (String part : header.split(",", -1)) {
      String text = part.strip();
      if (text.startsWith("t=") && seconds < 0 && isNumber(text.substring(2))) {
        seconds = Long.parseLong(text.substring(2));
      } else if (text.startsWith("v1=") && given.size() < MOST_SIGNATURES) {
        given.add(text.substring(3).getBytes(US_ASCII));
      } else if (text.startsWith("t=") || text.startsWith("v1=")) {
        return Verdict.UNREADABLE;
      }
    }
    if (seconds < 0 || given.isEmpty()) {
      return Verdict.UNREADABLE;
    }
    byte[] right = HexFormat.of().formatHex(mac(secret, seconds, id, body)).getBytes(US_ASCII);
    boolean genuine = false;
    for (byte[] one : given) {
      // In a time that does not depend on how much of it is right.
      genuine |= MessageDigest.isEqual(right, one);
    }
    if (!genuine) {
      return Verdict.FORGED;
    }
    Duration apart = Duration.between(Instant.ofEpochSecond(seconds), now).abs();
    return apart.compareTo(tolerance) > 0 ? Verdict.STALE : Verdict.GENUINE;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST_TIME
        && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }

  private static byte[] mac(String secret, long seconds, String id, byte[] body) {
    if (secret.length() < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "a secret of webhooks has to have at least " + SHORTEST_SECRET + " characters");
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
      // An id has no line feed: nobody can shift what ends where.
      mac.update((seconds + "\n" + id + "\n").getBytes(UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }
}
