package dev.tidemark.contract;

import java.util.HexFormat;

/**
 * The version of an entity: the WAL position of its last change, within an epoch.
 *
 * <p>It grows with every change of one row: row locks see to that, and capture where a key is used
 * again, whose row Postgres may have written before the old one was deleted. It says nothing about
 * the order of two different rows: transactions interleave. The epoch grows when positions may have
 * gone back: a new slot, timeline or cluster. Its text sorts as the version does.
 *
 * @param epoch which history of the database this position belongs to, from 1
 * @param lsn the position; 0 means "of this epoch, older than every change in it", which is what an
 *     incremental snapshot can say of a row
 */
public record Version(int epoch, long lsn) implements Comparable<Version> {
  private static final int EPOCH_DIGITS = 4;
  private static final int TEXT_LENGTH = EPOCH_DIGITS + 1 + 16;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  public Version {
    if (epoch < 1 || epoch > 9999) {
      throw new IllegalArgumentException("epoch " + epoch + " is not within 1 to 9999");
    }
    if (lsn < 0) {
      throw new IllegalArgumentException("lsn " + lsn + " is negative");
    }
  }

  public static Version parse(String text) {
    if (text.length() != TEXT_LENGTH || text.charAt(EPOCH_DIGITS) != '-') {
      throw new IllegalArgumentException("'" + text + "' is not a version");
    }
    try {
      return new Version(
          Integer.parseInt(text, 0, EPOCH_DIGITS, 10),
          HexFormat.fromHexDigitsToLong(text, EPOCH_DIGITS + 1, TEXT_LENGTH));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a version", e);
    }
  }

  public boolean isAfter(Version other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(Version other) {
    int byEpoch = Integer.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(lsn, other.lsn);
  }

  /** Four digits of epoch, a dash, sixteen hexadecimal digits of position. */
  @Override
  public String toString() {
    String digits = Integer.toString(epoch);
    return "0".repeat(EPOCH_DIGITS - digits.length()) + digits + "-" + HEX.toHexDigits(lsn);
  }
}
