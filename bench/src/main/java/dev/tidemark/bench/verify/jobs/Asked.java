package dev.tidemark.bench.verify.jobs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What customers have asked for, and what they were told. Thread-safe. */
final class Asked {
  private final Set<String> nonces = new HashSet<>();
  private final Map<String, Accepted> accepted = new LinkedHashMap<>();
  private final Map<String, Integer> retries = new HashMap<>();
  private final Set<String> triggers = new HashSet<>();
  private final List<String> troubles = new ArrayList<>();

  /**
   * A job that was promised.
   *
   * @param due not before then
   * @param atNanos when it was promised, by {@link System#nanoTime}
   */
  record Accepted(String id, String nonce, Instant due, long atNanos) {}

  /** A request goes out; whether it arrives is not known yet. */
  synchronized void asks(String nonce) {
    nonces.add(nonce);
  }

  synchronized void accepted(Accepted job) {
    accepted.put(job.id(), job);
  }

  /** A retry may have been heard. */
  synchronized void retries(String id) {
    retries.merge(id, 1, Integer::sum);
  }

  /** A job of a schedule may have been asked for, of which the id is not known yet. */
  synchronized void triggers(String by) {
    triggers.add(by);
  }

  /** An answer that nobody should get. */
  synchronized void trouble(String what) {
    if (troubles.size() < 10) {
      troubles.add(what);
    }
  }

  synchronized boolean isAsked(String nonce) {
    return nonces.contains(nonce);
  }

  synchronized boolean isTrigger(String by) {
    return triggers.contains(by);
  }

  synchronized int retriesOf(String id) {
    return retries.getOrDefault(id, 0);
  }

  synchronized List<Accepted> accepted() {
    return List.copyOf(accepted.values());
  }

  synchronized int count() {
    return accepted.size();
  }

  /** Some job that was accepted lately. */
  synchronized Optional<Accepted> recent(int dice, int among) {
    List<Accepted> all = new ArrayList<>(accepted.values());
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.get(all.size() - 1 - dice % Math.min(among, all.size())));
  }

  synchronized List<String> troubles() {
    return Collections.unmodifiableList(new ArrayList<>(troubles));
  }
}
