package dev.tidemark.contract.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where a job lives. Its id begins with it, so that whoever knows the id finds the partition.
 *
 * @param number from 0 to 65,535
 */
public record Place(int number) {
  private static final int PLACES = 1 << 16;
  private static final int DIGITS = 4;
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{4}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  public Place {
    if (number < 0 || number >= PLACES) {
      throw new IllegalArgumentException(number + " is no place");
    }
  }

  /**
   * The place of a job: where all that its limits concern is together.
   *
   * @param key what limits per key go by, if the job has one
   * @param uniqueKey by which another counts as the same, if it has one
   * @param random what decides where nothing else does
   */
  public static Place of(
      JobCatalog catalog,
      JobType type,
      Optional<String> key,
      Optional<String> uniqueKey,
      UUID random) {
    Optional<String> home = catalog.home(type);
    if (home.isPresent()) {
      return of("queue", home.get());
    }
    if (type.perKey().isPresent() && key.isPresent()) {
      return of("key", type.name() + "/" + key.get());
    }
    if (uniqueKey.isPresent()) {
      return of("unique", type.name() + "/" + uniqueKey.get());
    }
    return new Place((int) (random.getLeastSignificantBits() & (PLACES - 1)));
  }

  /** The place of a schedule. */
  public static Place ofSchedule(String name) {
    return of("schedule", name);
  }

  /**
   * The id of the job that is made of a schedule for a time at which it is due. It is always the
   * same as long as the jobs of its type live where they do, so nothing is made twice.
   */
  public static String idOf(JobCatalog catalog, JobType type, String schedule, Instant due) {
    UUID random = UUID.nameUUIDFromBytes(("schedule:" + schedule + "/" + due).getBytes(UTF_8));
    return of(catalog, type, Optional.empty(), Optional.empty(), random).id(random);
  }

  private static Place of(String what, String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest((what + ":" + name).getBytes(UTF_8));
      return new Place((hash[0] & 0xff) << 8 | hash[1] & 0xff);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every platform has SHA-256", e);
    }
  }

  /** An id that begins with this place. */
  public String id(UUID random) {
    return HexFormat.of().toHexDigits(number, DIGITS) + "-" + random;
  }

  /** The place that an id begins with; empty if it is no id of a job. */
  public static Optional<Place> ofId(String id) {
    return ID.matcher(id).matches()
        ? Optional.of(new Place(HexFormat.fromHexDigits(id, 0, DIGITS)))
        : Optional.empty();
  }

  /** The partition of that many. */
  public int partition(int partitions) {
    return number % partitions;
  }
}
