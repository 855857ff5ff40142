package dev.tidemark.api.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.pipeline.cache.core.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A database for tests: values by key, changed by transactions that commit into the log first and
 * become visible to readers later, as in Postgres. A test can stop a reader between the moment of
 * its snapshot and its answer.
 */
public final class Truth implements ViewSource {
  /** No two databases of a run have a transaction in common: they may share a topic. */
  private static final AtomicLong BEGIN = new AtomicLong(700);

  private final TreeMap<Long, Map<String, String>> committed = new TreeMap<>();
  private final TreeSet<Long> hidden = new TreeSet<>();
  private long next = BEGIN.getAndAdd(10_000);

  /** Of the log, as no other database of a run has it. */
  public final String history = "system" + next + "/1";

  public final AtomicInteger fetches = new AtomicInteger();
  volatile Runnable beforeAnswer = () -> {};

  /** Commits into the log; readers do not see it before {@link #show}. */
  public synchronized long commit(String key, String value) {
    long transaction = next++;
    committed.put(transaction, Map.of(key, value));
    hidden.add(transaction);
    return transaction;
  }

  /** Lets readers see it. */
  public synchronized void show(long transaction) {
    hidden.remove(transaction);
  }

  /** Commits for all to see. */
  public long change(String key, String value) {
    long transaction = commit(key, value);
    show(transaction);
    return transaction;
  }

  public static Invalidation of(String target, long transaction) {
    return new Invalidation(
        target,
        transaction,
        null,
        Instant.EPOCH,
        new Invalidation.Cause(Invalidation.Reason.REQUEST, "test", null, List.of()));
  }

  public synchronized Sight sight() {
    long oldest = hidden.isEmpty() ? next : hidden.first();
    return Sight.parse(
        oldest
            + ":"
            + next
            + ":"
            + hidden.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  private synchronized Fetched read(String key) {
    Map<String, String> values = new HashMap<>();
    committed.forEach(
        (transaction, changed) -> {
          if (!hidden.contains(transaction)) {
            values.putAll(changed);
          }
        });
    String value = values.getOrDefault(key, "");
    return new Fetched(value.getBytes(UTF_8), sight(), List.of());
  }

  @Override
  public Fetched fetch(Question question, Duration atMost) {
    fetches.incrementAndGet();
    Fetched read = read(question.key());
    beforeAnswer.run();
    return read;
  }

  @Override
  public synchronized Now now() {
    return new Now(next, history, sight());
  }

  @Override
  public long mark() {
    return change("", "");
  }

  @Override
  public List<Map<String, String>> toWarm(CacheView view, Duration atMost) {
    return new ArrayList<>();
  }
}
