package dev.tidemark.api.cache;

import static java.util.Objects.requireNonNull;

import dev.tidemark.pipeline.cache.core.Sight;
import java.util.List;

/**
 * What Postgres said to a question, and in which snapshot it was asked.
 *
 * @param key under which it is kept
 * @param body the JSON; empty if there is nothing
 * @param etag a hash of the body
 * @param sight the snapshot
 * @param dependencies the groups that it is in and the entities that were found in it
 * @param fetchedAtMillis when it was fetched, by the clock of whoever did
 * @param expiresAtMillis until when it may be kept
 */
public record Answer(
    String key,
    byte[] body,
    String etag,
    Sight sight,
    List<String> dependencies,
    long fetchedAtMillis,
    long expiresAtMillis) {
  /** What an answer takes beside its body, about. */
  private static final int OVERHEAD = 400;

  private static final int OVERHEAD_EACH = 120;

  public Answer {
    requireNonNull(key, "key is null");
    requireNonNull(body, "body is null");
    requireNonNull(etag, "etag is null");
    requireNonNull(sight, "sight is null");
    dependencies = List.copyOf(dependencies);
  }

  /** Whether the answer is that there is nothing. */
  public boolean absent() {
    return body.length == 0;
  }

  /** How much memory it takes, about. */
  int weight() {
    return body.length + OVERHEAD + OVERHEAD_EACH * dependencies.size();
  }
}
