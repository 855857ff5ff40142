package dev.tidemark.contract.catalog.view;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Which answers are fetched before anybody asks.
 *
 * @param query gives the parameters of an answer a row, the most important first; it has no
 *     parameters
 * @param every how often
 * @param limit how many answers at most each time
 */
public record Warming(NamedQuery query, Duration every, int limit) {
  public Warming {
    requireNonNull(query, "query is null");
    requireNonNull(every, "every is null");
    if (limit < 1) {
      throw new IllegalArgumentException("a limit of " + limit + " warms nothing");
    }
  }
}
