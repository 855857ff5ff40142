package dev.tidemark.api.interop;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.pull.ChangeFeed;
import dev.tidemark.api.sync.TableColumns;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What has to be there before rows can be told. */
@Singleton
final class Present {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Catalog catalog;
  private final TableColumns tables;
  private final ChangeFeed feed;

  Present(Catalog catalog, TableColumns tables, ChangeFeed feed) {
    this.catalog = catalog;
    this.tables = tables;
    this.feed = feed;
  }

  /** Waits until the log has everything that was committed when the request came. */
  void await() {
    boolean there;
    try {
      there = feed.awaitPresent(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      there = false;
    }
    if (!there) {
      throw new ProblemException(
          Problem.unavailable(
              "What was committed a moment ago is not in the log of this node yet.", RETRY));
    }
  }

  EntityType type(String name) {
    return catalog
        .type(name)
        .orElseThrow(() -> new ProblemException(Problem.of(ProblemType.UNKNOWN_ENTITY_TYPE)));
  }

  /** Rows as they are told: without the columns' types they would be told differently. */
  Rows rows(Dialect dialect, String type) {
    return tables
        .of(type)
        .map(columns -> new Rows(dialect, columns))
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.unavailable("The columns of " + type + " are not known yet.", RETRY)));
  }

  /** Rows as they are sent: of an unknown table nothing is known, and every operation refused. */
  Rows sentRows(Dialect dialect, String type) {
    Optional<EntityType> known = catalog.type(type);
    return known.isPresent() ? rows(dialect, type) : new Rows(dialect, Map.of());
  }
}
