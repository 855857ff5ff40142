package dev.tidemark.api.cache.tend;

import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.ParameterType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches answers before anybody asks, one after the other, so that it never takes more than one
 * connection. Of all nodes one does it at a time.
 */
public final class Warmer {
  private static final Logger LOG = LoggerFactory.getLogger(Warmer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ViewCache cache;
  private final List<CacheView> views;
  private final Counter warmed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Long> doneNanos = new HashMap<>();

  /**
   * What came of warming.
   *
   * @param warmed answers that were fetched
   * @param kept answers that were there already
   * @param failed rows that are no question, and answers that could not be fetched
   */
  public record Outcome(int warmed, int kept, int failed) {
    Outcome plus(Outcome other) {
      return new Outcome(warmed + other.warmed, kept + other.kept, failed + other.failed);
    }
  }

  public Warmer(ViewCache cache, Catalog catalog, MeterRegistry registry) {
    this.cache = cache;
    this.views = catalog.views().stream().filter(view -> view.warming().isPresent()).toList();
    this.warmed =
        Counter.builder("tidemark.cache.warmed")
            .description("Answers that were fetched before anybody asked")
            .register(registry);
  }

  /** Warms the views whose time has come. */
  public void step() {
    for (CacheView view : views) {
      Duration every = view.warming().orElseThrow().every();
      long now = cache.freshness().now();
      Long done = doneNanos.get(view.name());
      boolean due = done == null || now - done >= every.toNanos();
      if (due
          && cache.trusted(view)
          && cache.shared().elect("warm:" + view.name(), every.multipliedBy(9).dividedBy(10))) {
        doneNanos.put(view.name(), now);
        Outcome outcome = warm(view);
        LOG.info("warmed {}: {}", view.name(), outcome);
      }
    }
  }

  /** Warms one view, or all; empty if there is none of this name that can be warmed. */
  public Optional<Outcome> warm(Optional<String> name) {
    List<CacheView> asked =
        views.stream().filter(view -> name.isEmpty() || view.name().equals(name.get())).toList();
    if (asked.isEmpty()) {
      return name.isEmpty() ? Optional.of(new Outcome(0, 0, 0)) : Optional.empty();
    }
    return asked.stream().map(this::warm).reduce(Outcome::plus);
  }

  private Outcome warm(CacheView view) {
    int fetched = 0;
    int kept = 0;
    int failed = 0;
    lock.lock();
    try {
      for (Map<String, String> row : cache.source().toWarm(view, PATIENCE)) {
        Optional<Question> question = question(view, row);
        if (question.isEmpty()) {
          failed++;
        } else if (cache.warm(question.get())) {
          fetched++;
        } else {
          kept++;
        }
      }
    } catch (AwayException | ProblemException e) {
      LOG.warn("The view {} was warmed in part: {}", view.name(), e.getMessage());
      failed++;
    } finally {
      lock.unlock();
    }
    warmed.increment(fetched);
    return new Outcome(fetched, kept, failed);
  }

  private static Optional<Question> question(CacheView view, Map<String, String> row) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, ParameterType> parameter : view.parameters().entrySet()) {
      Optional<String> value =
          Optional.ofNullable(row.get(parameter.getKey()))
              .flatMap(text -> parameter.getValue().canonical(text));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.put(parameter.getKey(), value.get());
    }
    return Optional.of(Question.of(view, values));
  }
}
