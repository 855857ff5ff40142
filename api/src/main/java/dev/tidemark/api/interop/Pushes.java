package dev.tidemark.api.interop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.request.Prefer;
import dev.tidemark.api.sync.BatchReader;
import dev.tidemark.api.sync.BatchRequest;
import dev.tidemark.api.sync.Batches;
import dev.tidemark.api.sync.Ledger;
import dev.tidemark.api.sync.LedgerEntry;
import dev.tidemark.api.sync.OperationIds;
import dev.tidemark.api.sync.Place;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.api.sync.Visit;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.sync.DeviceClock;
import dev.tidemark.contract.sync.Result;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Takes pushed rows through the core, as batches of operations. */
@Singleton
final class Pushes {
  /** What was refused may be tried again after so long: its parent may have come meanwhile. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private static final int MOST_ATTEMPTS = 1 << 14;

  /** So many entries of the ledger are looked at together: each has a row's data. */
  private static final int AT_ONCE = 1_000;

  private final Batches batches;
  private final Ledger ledger;
  private final SyncSettings settings;
  private final InstantSource clock;
  private final PushOrder order;

  Pushes(
      Batches batches, Ledger ledger, SyncSettings settings, InstantSource clock, Catalog catalog) {
    this.batches = batches;
    this.ledger = ledger;
    this.settings = settings;
    this.clock = clock;
    this.order = new PushOrder(catalog);
  }

  /**
   * Takes them through, a batch after the other; what is not through in time is pending.
   *
   * @param sent when the device says that it sent them
   */
  List<Settled> take(
      Dialect dialect, List<Pushed> pushed, Optional<Instant> sent, String strategy, Visit visit) {
    String device = BatchReader.device(visit.caller());
    int depth = settings.dataDepth() + 1;
    List<Pushed> ordered = order.of(pushed);
    List<Pushed> cut = ordered.stream().map(one -> one.cut(depth)).toList();
    List<String> keys = keys(dialect, device, cut);
    EditTimes times =
        new EditTimes(
            DeviceClock.of(sent.orElse(null), clock.instant().truncatedTo(ChronoUnit.MICROS)),
            settings.oldest(),
            settings.ahead());
    long end = System.nanoTime() + Prefer.LONGEST_WAIT.toNanos();
    List<Settled> settled = new ArrayList<>();
    boolean through = true;
    for (int from = 0; from < ordered.size(); from += settings.operations()) {
      int to = Math.min(ordered.size(), from + settings.operations());
      List<Pushed> part = ordered.subList(from, to);
      // What the core promises about parents holds within a batch: the next one waits for this.
      List<Place> places = pending(part.size());
      if (through) {
        List<JsonNode> operations = new ArrayList<>();
        for (int i = from; i < to; i++) {
          Pushed one = cut.get(i);
          operations.add(one.operation(keys.get(i), times.of(one.edited()), strategy));
        }
        places =
            batches.take(
                new BatchRequest(
                    dialect.prefix() + ":" + UUID.randomUUID(),
                    device,
                    sent.orElse(null),
                    operations,
                    true),
                new Visit(
                    visit.caller(), visit.authorization(), visit.request(), patience(visit, end)));
      }
      for (Place place : places) {
        settled.add(new Settled(part.get(place.index()), place));
        through = through && !(place instanceof Place.Pending);
      }
    }
    return settled;
  }

  private static Duration patience(Visit visit, long end) {
    Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    return visit.patience().compareTo(left) < 0 ? visit.patience() : left;
  }

  private static List<Place> pending(int count) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      places.add(new Place.Pending(i));
    }
    return places;
  }

  /** Equal content is the same operation, but what was refused is tried anew now and then. */
  private List<String> keys(Dialect dialect, String device, List<Pushed> pushed) {
    List<String> names =
        pushed.stream()
            .map(one -> dialect.prefix() + ":" + OperationIds.hash(one.content()) + ".")
            .toList();
    Map<String, Integer> attempts = new HashMap<>();
    List<String> distinct = names.stream().distinct().toList();
    for (int from = 0; from < distinct.size(); from += AT_ONCE) {
      attempts.putAll(
          attempts(device, distinct.subList(from, Math.min(distinct.size(), from + AT_ONCE))));
    }
    return names.stream().map(name -> name + attempts.getOrDefault(name, 0)).toList();
  }

  /**
   * The first attempt of each that is not spent. There is none behind it, so it is searched for in
   * ever longer steps, and then between the last two.
   */
  private Map<String, Integer> attempts(String device, List<String> names) {
    Map<String, Integer> first = new HashMap<>();
    Map<String, Integer> behind = new HashMap<>();
    Map<String, Integer> next = new HashMap<>();
    names.forEach(name -> next.put(name, 0));
    while (!next.isEmpty()) {
      Set<String> spent = spent(device, next);
      for (Map.Entry<String, Integer> look : Map.copyOf(next).entrySet()) {
        String name = look.getKey();
        int n = look.getValue();
        if (spent.contains(name)) {
          first.put(name, n + 1);
        } else {
          behind.put(name, n);
        }
        int from = first.getOrDefault(name, 0);
        int to = behind.getOrDefault(name, MOST_ATTEMPTS);
        if (from >= to) {
          next.remove(name);
        } else {
          next.put(name, behind.containsKey(name) ? (from + to) / 2 : Math.min(2 * from, to - 1));
        }
      }
    }
    return first;
  }

  /** Which of these attempts were refused, and long enough ago. */
  private Set<String> spent(String device, Map<String, Integer> attempts) {
    Map<String, String> names = new HashMap<>();
    attempts.forEach((name, n) -> names.put(OperationIds.id(device, name + n), name));
    Set<String> spent = new HashSet<>();
    ledger
        .find(names.keySet())
        .forEach(
            (id, entry) -> {
              String name = names.get(id);
              if (name != null && isSpent(entry)) {
                spent.add(name);
              }
            });
    return spent;
  }

  private boolean isSpent(LedgerEntry entry) {
    Result result = entry.ruling().result();
    return (result == Result.REFUSED || result == Result.REJECTED)
        && entry.written().plus(AGAIN).isBefore(clock.instant());
  }
}
