package dev.tidemark.api.cache;

import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.pipeline.cache.core.Sight;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The truth. */
public interface ViewSource {
  /**
   * What the truth says now.
   *
   * @param body the JSON; empty if there is nothing
   * @param found the entities that were found in it, as {@code type/id}
   */
  record Fetched(byte[] body, Sight sight, List<String> found) {
    public Fetched {
      found = List.copyOf(found);
    }
  }

  /**
   * Where the truth is.
   *
   * @param position the position of its log: all that is committed by now stands before it
   * @param history which log that is: a database that was put back to an earlier point has another
   */
  record Now(long position, String history, Sight sight) {}

  /**
   * Asks; it takes no longer than this.
   *
   * @throws dev.tidemark.api.problem.AwayException if there is no answer by then
   */
  Fetched fetch(Question question, Duration atMost);

  /** Where the truth is now. */
  Now now();

  /** A transaction of its own, which everybody who asks from now on sees. */
  long mark();

  /** The questions that are worth asking before anybody does, the most important first. */
  List<Map<String, String>> toWarm(CacheView view, Duration atMost);
}
