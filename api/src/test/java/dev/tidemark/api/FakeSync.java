package dev.tidemark.api;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.sync.ConflictEntry;
import dev.tidemark.api.sync.ConflictFilter;
import dev.tidemark.api.sync.DeviceMemory;
import dev.tidemark.api.sync.DeviceStatus;
import dev.tidemark.api.sync.Ledger;
import dev.tidemark.api.sync.LedgerEntry;
import dev.tidemark.api.sync.OperationSink;
import dev.tidemark.api.sync.ReadSet;
import dev.tidemark.api.sync.TableColumns;
import dev.tidemark.api.sync.Waiters;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** All that is behind the api, in memory: decides operations as a test says. */
public final class FakeSync implements OperationSink, Ledger, DeviceMemory, TableColumns {
  public static final Version AFTER = new Version(1, 0x20000000L);

  private final Waiters waiters = new Waiters();
  private final List<Submission> handed = new CopyOnWriteArrayList<>();
  private final Map<String, LedgerEntry> entries = new ConcurrentHashMap<>();
  private final Map<String, SubmittedBatch> batches = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> columns = new ConcurrentHashMap<>();
  private volatile Function<Submission, Optional<Ruling>> decide = _ -> Optional.of(applied());
  private final Map<String, List<ReadSet>> sets = new ConcurrentHashMap<>();
  private final Map<String, Map<EntityKey, Long>> owed = new ConcurrentHashMap<>();
  private volatile boolean kafkaAway;
  private volatile boolean postgresAway;
  private volatile boolean silent;

  public Waiters waiters() {
    return waiters;
  }

  public List<Submission> handed() {
    return List.copyOf(handed);
  }

  public void decide(Function<Submission, Optional<Ruling>> how) {
    decide = how;
  }

  public void columns(String type, Map<String, String> known) {
    columns.put(type, known);
  }

  public void kafkaAway(boolean away) {
    kafkaAway = away;
  }

  public void postgresAway(boolean away) {
    postgresAway = away;
  }

  @Override
  public Optional<ReadSet> readSet(String device, int number) {
    requirePostgres();
    List<ReadSet> its = sets.getOrDefault(device, List.of());
    return number >= 1 && number <= its.size()
        ? Optional.of(its.get(number - 1))
        : Optional.empty();
  }

  @Override
  public int numberOf(String device, ReadSet set) {
    requirePostgres();
    List<ReadSet> its = sets.computeIfAbsent(device, _ -> new CopyOnWriteArrayList<>());
    if (!its.contains(set)) {
      its.add(set);
    }
    return its.indexOf(set) + 1;
  }

  @Override
  public void owe(String device, Collection<EntityKey> rows, long at) {
    requirePostgres();
    Map<EntityKey, Long> its = owed.computeIfAbsent(device, _ -> new TreeMap<>());
    rows.forEach(row -> its.merge(row, at, Math::max));
  }

  @Override
  public Set<EntityKey> owed(String device, long readUpTo) {
    requirePostgres();
    Map<EntityKey, Long> its = owed.computeIfAbsent(device, _ -> new TreeMap<>());
    its.values().removeIf(at -> at < readUpTo);
    return Set.copyOf(its.keySet());
  }

  /** Whether outcomes are heard, or are only in the ledger. */
  public void silent(boolean quiet) {
    silent = quiet;
  }

  /** Lets the ledger's entries be older by so much. */
  public void letPass(Duration time) {
    entries.replaceAll(
        (_, entry) ->
            new LedgerEntry(entry.submission(), entry.ruling(), entry.written().minus(time)));
  }

  public static Ruling applied() {
    return ruling(Result.APPLIED, "no_conflict");
  }

  public static Ruling ruling(Result result, String reason) {
    return new Ruling(
        result,
        null,
        List.of(),
        null,
        reason,
        null,
        WireSerdes.exactJson().createObjectNode(),
        null,
        null,
        null);
  }

  /** Decides what was handed over and left undecided. */
  public void settle(Submission submission, Ruling ruling) {
    LedgerEntry entry = new LedgerEntry(submission, ruling, Instant.now());
    entries.put(submission.operation().id(), entry);
    if (!silent) {
      waiters.bring(outcome(entry));
    }
  }

  @Override
  public void hand(SubmittedBatch batch, List<Submission> operations) {
    if (kafkaAway) {
      throw new AwayException("the brokers do not take operations", null);
    }
    tell(batch);
    for (Submission operation : operations) {
      handed.add(operation);
      decide.apply(operation).ifPresent(ruling -> settle(operation, ruling));
    }
  }

  @Override
  public void tell(SubmittedBatch batch) {
    batches.put(batch.device() + " " + batch.id(), batch);
  }

  @Override
  public Optional<Map<String, String>> of(String type) {
    return Optional.ofNullable(columns.get(type));
  }

  @Override
  public Map<String, LedgerEntry> glance(Collection<String> operations) {
    return postgresAway ? Map.of() : find(operations);
  }

  @Override
  public Map<String, LedgerEntry> find(Collection<String> operations) {
    requirePostgres();
    Map<String, LedgerEntry> found = new HashMap<>(entries);
    found.keySet().retainAll(operations);
    return found;
  }

  @Override
  public Optional<SubmittedBatch> batch(String device, String batch) {
    requirePostgres();
    return Optional.ofNullable(batches.get(device + " " + batch));
  }

  @Override
  public Optional<String> resolutionOf(String operation) {
    return entries.values().stream()
        .filter(entry -> operation.equals(entry.submission().resolves()))
        .map(entry -> entry.submission().operation().id())
        .findFirst();
  }

  @Override
  public Optional<String> reversalOf(String operation) {
    return entries.values().stream()
        .filter(entry -> operation.equals(entry.submission().undoes()))
        .map(entry -> entry.submission().operation().id())
        .findFirst();
  }

  @Override
  public DeviceStatus status(String device) {
    requirePostgres();
    Map<Result, Long> results = new EnumMap<>(Result.class);
    for (LedgerEntry entry : entries.values()) {
      if (entry.submission().operation().device().equals(device)) {
        results.merge(entry.ruling().result(), 1L, Long::sum);
      }
    }
    return new DeviceStatus(results, Optional.empty(), 0, Optional.empty(), List.of(), 0);
  }

  @Override
  public List<ConflictEntry> conflicts(ConflictFilter filter) {
    requirePostgres();
    List<ConflictEntry> found = new ArrayList<>();
    for (LedgerEntry entry : entries.values()) {
      if (entry.ruling().result() == Result.OPEN) {
        found.add(new ConflictEntry(entry, resolutionOf(entry.submission().operation().id())));
      }
    }
    return found;
  }

  private void requirePostgres() {
    if (postgresAway) {
      throw new AwayException("Postgres does not answer", null);
    }
  }

  private static Outcome outcome(LedgerEntry entry) {
    boolean touched = entry.ruling().result() == Result.APPLIED;
    return Outcome.of(entry.submission(), entry.ruling(), entry.written())
        .with(touched ? AFTER : null, touched ? entry.submission().operation().data() : null);
  }
}
