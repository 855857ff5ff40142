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
import java.util.LinkedHashSet;
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

  private static final int LOOK_AHEAD = 64;
  private static final int MOST_ATTEMPTS = 10_000;

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
    List<Pushed> ordered = order.of(pushed);
    List<String> keys = keys(dialect, device, ordered);
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
          Pushed one = ordered.get(i);
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
    Set<String> open = new LinkedHashSet<>(names);
    int next = 0;
    for (int look = 1; !open.isEmpty() && next < MOST_ATTEMPTS; look = LOOK_AHEAD) {
      Map<String, LedgerEntry> found = find(device, open, next, next + look);
      for (String name : List.copyOf(open)) {
        for (int n = next; n < next + look; n++) {
          LedgerEntry entry = found.get(OperationIds.id(device, name + n));
          if (entry == null || !isSpent(entry)) {
            attempts.put(name, n);
            open.remove(name);
            break;
          }
        }
      }
      next += look;
    }
    return names.stream().map(name -> name + attempts.getOrDefault(name, MOST_ATTEMPTS)).toList();
  }

  private Map<String, LedgerEntry> find(String device, Set<String> names, int from, int to) {
    List<String> ids = new ArrayList<>();
    for (String name : names) {
      for (int n = from; n < to; n++) {
        ids.add(OperationIds.id(device, name + n));
      }
    }
    return ledger.find(ids);
  }

  private boolean isSpent(LedgerEntry entry) {
    Result result = entry.ruling().result();
    return (result == Result.REFUSED || result == Result.REJECTED)
        && entry.written().plus(AGAIN).isBefore(clock.instant());
  }
}
