package dev.tidemark.api.cache.tend;

import dev.tidemark.api.cache.Answer;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds answers that are kept against Postgres, a few at a time. One that differs is not wrong yet:
 * a change may be on its way. It is looked at again after a second, ten and sixty, and counts as
 * wrong then if it is still the same answer, still differs, and everything that was committed when
 * it was first seen to differ is proven to have been heard of.
 */
public final class Checker {
  private static final Logger LOG = LoggerFactory.getLogger(Checker.class);
  private static final int SAMPLE = 5;
  private static final int MOST_SUSPECTS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ViewCache cache;
  private final Counter agreed;
  private final Counter differed;
  private final Map<Horizon, Tally> tallies = new LinkedHashMap<>();
  private final List<Suspect> suspects = new ArrayList<>();

  /** After how long a difference counts. */
  public enum Horizon {
    SECOND(Duration.ofSeconds(1)),
    TEN_SECONDS(Duration.ofSeconds(10)),
    MINUTE(Duration.ofMinutes(1));

    private final Duration after;

    Horizon(Duration after) {
      this.after = after;
    }

    public Duration after() {
      return after;
    }
  }

  /** Where an answer is kept. */
  private enum Where {
    MEMORY,
    REDIS
  }

  /** What was found within a horizon. */
  private record Tally(AtomicLong violations, Counter counter) {}

  /** An answer that differs from the truth, and how far it has been followed. */
  private static final class Suspect {
    private final Question question;
    private final Where where;
    private final Answer answer;
    private final long sinceNanos;
    private int next;

    Suspect(Question question, Where where, Answer answer, long sinceNanos) {
      this.question = question;
      this.where = where;
      this.answer = answer;
      this.sinceNanos = sinceNanos;
    }
  }

  /**
   * What is known of a horizon.
   *
   * @param samples how many answers were looked at
   * @param violations how many were wrong for longer than the horizon
   * @param nines how many nines of them were right; at least, if none was wrong
   */
  public record Report(Duration within, long samples, long violations, double nines) {}

  public Checker(ViewCache cache, MeterRegistry registry) {
    this.cache = cache;
    this.agreed = checks(registry, "agreed");
    this.differed = checks(registry, "differed");
    for (Horizon horizon : Horizon.values()) {
      tallies.put(
          horizon,
          new Tally(
              new AtomicLong(),
              Counter.builder("tidemark.cache.violations")
                  .description("Answers that were kept although they were not true any more")
                  .tag("after", horizon.after().toSeconds() + "s")
                  .register(registry)));
    }
  }

  private static Counter checks(MeterRegistry registry, String result) {
    return Counter.builder("tidemark.cache.checks")
        .description("Answers that were held against Postgres, by what came of it")
        .tag("result", result)
        .register(registry);
  }

  /** Looks at a few answers, and again at those that differed before. For one thread. */
  public void step() {
    try {
      follow();
      List<String> keys = new ArrayList<>(cache.memory().keys());
      Collections.shuffle(keys);
      keys.stream().limit(SAMPLE).forEach(key -> look(key, Where.MEMORY));
      cache.shared().sample(SAMPLE).forEach(key -> look(key, Where.REDIS));
    } catch (AwayException e) {
      LOG.debug("Nothing can be checked now", e);
    }
  }

  private Optional<Answer> kept(String key, Where where) {
    return where == Where.MEMORY
        ? Optional.ofNullable(cache.memory().get(key))
        : cache.shared().peek(key);
  }

  private void look(String key, Where where) {
    Optional<Question> question = cache.question(key);
    Optional<Answer> answer = question.flatMap(_ -> kept(key, where));
    if (answer.isEmpty() || !cache.trusted(question.orElseThrow().view())) {
      return;
    }
    long asked = cache.freshness().now();
    if (isTrue(question.orElseThrow(), answer.get())) {
      agreed.increment();
      return;
    }
    differed.increment();
    if (suspects.size() < MOST_SUSPECTS
        && suspects.stream().noneMatch(known -> known.answer.equals(answer.get()))) {
      suspects.add(
          new Suspect(
              question.orElseThrow(),
              where,
              answer.get(),
              Math.max(asked, cache.freshness().now())));
    }
  }

  private void follow() {
    for (Suspect suspect : List.copyOf(suspects)) {
      Horizon horizon = Horizon.values()[suspect.next];
      long now = cache.freshness().now();
      if (now - suspect.sinceNanos < horizon.after().toNanos()
          || !cache.freshness().isProvenSince(suspect.sinceNanos)) {
        continue;
      }
      if (!isStillWrong(suspect)) {
        suspects.remove(suspect);
        continue;
      }
      count(suspect, horizon);
      suspect.next++;
      if (suspect.next == Horizon.values().length) {
        suspects.remove(suspect);
        cache.memory().evict(suspect.question.key());
        cache.shared().drop(suspect.question.key());
      }
    }
  }

  private boolean isStillWrong(Suspect suspect) {
    Optional<Answer> kept = kept(suspect.question.key(), suspect.where);
    if (kept.isEmpty()
        || kept.get().fetchedAtMillis() != suspect.answer.fetchedAtMillis()
        || !kept.get().etag().equals(suspect.answer.etag())) {
      return false;
    }
    return !isTrue(suspect.question, suspect.answer);
  }

  private boolean isTrue(Question question, Answer answer) {
    try {
      return Arrays.equals(cache.source().fetch(question, PATIENCE).body(), answer.body());
    } catch (ProblemException e) {
      LOG.debug("{} has no answer any more", question.key(), e);
      return false;
    }
  }

  private void count(Suspect suspect, Horizon horizon) {
    Tally tally = tallies.get(horizon);
    if (tally != null) {
      tally.violations().incrementAndGet();
      tally.counter().increment();
    }
    LOG.error(
        "{} in {} is not true any more since at least {} s: read in snapshot {}, depends on {}",
        suspect.question.key(),
        suspect.where.name().toLowerCase(Locale.ROOT),
        horizon.after().toSeconds(),
        suspect.answer.sight(),
        suspect.answer.dependencies());
  }

  /** What was found so far, by horizon. */
  public List<Report> reports() {
    long samples = (long) (agreed.count() + differed.count());
    return tallies.entrySet().stream()
        .map(
            tally -> {
              long violations = tally.getValue().violations().get();
              return new Report(
                  tally.getKey().after(), samples, violations, nines(samples, violations));
            })
        .toList();
  }

  private static double nines(long samples, long violations) {
    if (samples == 0) {
      return 0;
    }
    double wrong = (double) Math.max(violations, 1) / samples;
    return Math.max(0, Math.round(-Math.log10(wrong) * 100) / 100.0);
  }
}
