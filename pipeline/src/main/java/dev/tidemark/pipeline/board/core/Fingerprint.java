package dev.tidemark.pipeline.board.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Failure;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What failures have in common: the type of job, the kind of failure, and the error without what
 * differs from one time to the next, such as numbers and ids.
 *
 * @param value 0 for a job that has not failed
 */
public record Fingerprint(long value) {
  public static final Fingerprint NONE = new Fingerprint(0);

  private static final Pattern QUOTED =
      Pattern.compile("'[^']*'|\"[^\"]*\"|\\([^)]*\\)=\\([^)]*\\)");

  /** Numbers, ids, times, addresses: whatever has a digit in it. */
  private static final Pattern VARYING = Pattern.compile("[\\p{L}_.:/-]*[0-9][\\p{L}0-9_.:/-]*");

  private static final int DIGITS = 16;

  /** By the last failure of a job that has failed for good. */
  public static Fingerprint of(JobState job) {
    if (job.status() != JobState.Status.FAILED || job.failures().isEmpty()) {
      return NONE;
    }
    Failure last = job.failures().getLast();
    String text = job.request().type() + "\n" + last.reason() + "\n" + common(last.error());
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      long value = ByteBuffer.wrap(hash).getLong();
      return new Fingerprint(value == 0 ? 1 : value);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every platform has SHA-256", e);
    }
  }

  /** An error without what differs from one time to the next. */
  public static String common(String error) {
    return VARYING.matcher(QUOTED.matcher(error).replaceAll("…")).replaceAll("#");
  }

  /** Reads what {@link #text} wrote. */
  public static Optional<Fingerprint> parse(String text) {
    return text.length() == DIGITS && text.chars().allMatch(HexFormat::isHexDigit)
        ? Optional.of(new Fingerprint(HexFormat.fromHexDigitsToLong(text)))
        : Optional.empty();
  }

  public String text() {
    return HexFormat.of().toHexDigits(value);
  }
}
