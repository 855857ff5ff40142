package dev.tidemark.api.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tier that all nodes share. None of its methods throws when it is away: it has nothing. */
public interface SharedTier {
  /** What looking for an answer found. */
  sealed interface Look {
    /** An answer. */
    record Found(Answer answer) implements Look {}

    /** None, and the caller shall fetch it: until the lease ends nobody else does. */
    record Lease(String epoch, String token) implements Look {}

    /** None, and somebody else is fetching it. */
    record Awaited() implements Look {}

    /** The tier cannot be asked now. */
    record Away() implements Look {}
  }

  /** Looks for an answer, and takes the lease of it if there is none. */
  Look look(String key);

  /** Looks for an answer and leaves the lease alone. */
  Optional<Answer> peek(String key);

  /**
   * Offers an answer that was fetched under a lease.
   *
   * @return whether it is kept: not if it came too late for a change
   */
  boolean fill(Look.Lease lease, Answer answer);

  /** Gives a lease back without an answer. */
  void release(String key, Look.Lease lease);

  /** Drops one answer. */
  void drop(String key);

  /** A few keys of answers, whichever. */
  List<String> sample(int count);

  /** Whether this node is the one that does something for all of them for so long. */
  boolean elect(String task, Duration term);

  /** How it is. */
  Status status();

  /**
   * How the tier is.
   *
   * @param configured whether there is to be one
   * @param trusted whether it is asked
   * @param since when that began, in milliseconds
   * @param detail why it is not trusted; empty if it is
   * @param facts what the server says of itself
   */
  record Status(
      boolean configured, boolean trusted, long since, String detail, Map<String, String> facts) {
    public Status {
      facts = Map.copyOf(facts);
    }
  }
}
