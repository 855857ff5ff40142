package dev.tidemark.api.cache;

import dev.tidemark.contract.Invalidation;
import java.util.List;

/** Where it is said to all nodes that answers are untrue. */
public interface InvalidationSink {
  /**
   * Says it, and returns when it will not be lost.
   *
   * @throws dev.tidemark.api.problem.AwayException if it cannot be said now
   */
  void send(List<Invalidation> invalidations);
}
