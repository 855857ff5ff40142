package dev.tidemark.pipeline.resolution;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Result;
import dev.tidemark.contract.sync.RowEffect;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.pipeline.entities.core.EntityState;
import dev.tidemark.pipeline.resolution.Pending.Phase;
import dev.tidemark.pipeline.resolution.core.Policy;
import dev.tidemark.pipeline.resolution.core.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides operations and keeps one write in flight per entity. Operations that come meanwhile queue
 * behind it and are decided together when it has landed, on a state that shows it.
 */
final class Resolver implements Processor<EntityKey, Event, EntityKey, RowWrite> {
  private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

  static final Duration TICK = Duration.ofMillis(20);

  /** A write of which nothing is heard for that long is decided again; the ledger tells twins. */
  static final Duration UNHEARD = Duration.ofSeconds(10);

  /** Changes of one transaction come together; if the state does not show one by then, go on. */
  static final Duration UNSEEN = Duration.ofSeconds(5);

  /** How long a row may be missing to which an operation refers, if its batch makes that row. */
  static final Duration PARENT_IN_BATCH = Duration.ofSeconds(30);

  /** And if it does not. */
  static final Duration PARENT_ELSEWHERE = Duration.ofSeconds(3);

  private static final int SUSPICIOUS = 20;
  private static final Duration SHORTEST_REST = Duration.ofMillis(40);
  private static final Duration LONGEST_REST = Duration.ofSeconds(2);

  private final Catalog catalog;
  private final Policies policies;
  private final String entitiesStore;
  private final ResolverMeters meters;
  private final Waiting waiting;
  private @Nullable Open open;

  /** What exists between init and close. */
  private record Open(
      ProcessorContext<EntityKey, RowWrite> context,
      KeyValueStore<EntityKey, EntityState> entities,
      KeyValueStore<EntityKey, Pending> pending,
      KeyValueStore<String, Submission> queue) {}

  Resolver(Catalog catalog, Policies policies, String entitiesStore, ResolverMeters meters) {
    this.catalog = catalog;
    this.policies = policies;
    this.entitiesStore = entitiesStore;
    this.meters = meters;
    this.waiting = new Waiting(meters);
  }

  @Override
  public void init(ProcessorContext<EntityKey, RowWrite> context) {
    Open opened =
        new Open(
            context,
            context.getStateStore(entitiesStore),
            context.getStateStore(Resolution.PENDING),
            context.getStateStore(Resolution.QUEUE));
    open = opened;
    waiting.forget();
    try (KeyValueIterator<EntityKey, Pending> all = opened.pending().all()) {
      all.forEachRemaining(entry -> waiting.set(entry.key, entry.value));
    }
    try (KeyValueIterator<String, Submission> all = opened.queue().all()) {
      all.forEachRemaining(entry -> waiting.queued(entry.value.operation().key(), 1));
    }
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  @Override
  public void close() {
    waiting.forget();
    open = null;
  }

  @Override
  public void process(Record<EntityKey, Event> record) {
    EntityKey key = record.key();
    switch (record.value()) {
      case Event.Asked(Submission submission) -> asked(submission, record.timestamp());
      case Event.Answered(WriteAnswer answer) -> answered(key, answer);
      case Event.Settled(Outcome outcome) -> settled(key, outcome);
      case Event.Changed(EntityState state) -> changed(key, state);
    }
  }

  private void asked(Submission submission, long timestamp) {
    EntityKey key = submission.operation().key();
    Pending now = waiting.of(key);
    if (now == null) {
      decide(key, List.of(submission), 0, 0, 0);
    } else if (now.operations().stream().noneMatch(other -> same(other, submission))) {
      long offset =
          open().context().recordMetadata().map(metadata -> metadata.offset()).orElse(timestamp);
      open().queue().put(Resolution.queueKey(key, offset), submission);
      waiting.queued(key, 1);
    }
  }

  private static boolean same(Submission one, Submission other) {
    return one.operation().id().equals(other.operation().id());
  }

  private void answered(EntityKey key, WriteAnswer answer) {
    Pending now = waiting.of(key);
    if (now == null || now.phase() != Phase.FLYING || !now.write().equals(answer.write())) {
      return;
    }
    meters.again(answer.kind());
    switch (answer.kind()) {
      case STALE -> {
        if (now.tries() == SUSPICIOUS) {
          LOG.warn(
              "the row of {} has not been as its state says for {} attempts at operation {}:"
                  + " capture is behind, or a value of it cannot be compared",
              key,
              now.tries(),
              now.operations().getFirst().operation().id());
        }
        if (Objects.equals(version(key), now.version())) {
          keep(key, now.in(Phase.STALE, now.version(), rest(now)));
        } else {
          again(key, now);
        }
      }
      case LOCKED -> keep(key, now.in(Phase.RESTING, null, rest(now)));
      case PARENT_MISSING -> {
        long since = now.parentMissingSince() == 0 ? millis() : now.parentMissingSince();
        keep(key, now.missingParentSince(since).in(Phase.RESTING, null, rest(now)));
      }
      case SPLIT -> again(key, now.splitting());
      case DUPLICATE -> {
        Set<String> known = Set.copyOf(answer.operations());
        again(
            key,
            now.with(
                now.operations().stream()
                    .filter(operation -> !known.contains(operation.operation().id()))
                    .toList()));
      }
    }
  }

  private void settled(EntityKey key, Outcome outcome) {
    shown(key, outcome);
    Pending now = waiting.of(key);
    if (now == null) {
      return;
    }
    List<Submission> operations = now.operations();
    int place = place(operations, outcome.operation());
    if (place < 0 || (now.phase() == Phase.FLYING && place < now.taken() - 1)) {
      // Not one of these, or others of the same write follow at once.
      return;
    }
    if (now.phase() != Phase.FLYING || place >= now.taken()) {
      // An earlier attempt had come through after all.
      List<Submission> others = new ArrayList<>(operations);
      others.remove(place);
      keep(key, now.with(others));
      if (others.isEmpty()) {
        next(key, now.with(List.of()));
      }
      return;
    }
    Pending rest =
        new Pending(
            Phase.LANDED,
            now.write(),
            operations.subList(now.taken(), operations.size()),
            0,
            outcome.version(),
            millis() + UNSEEN.toMillis(),
            0,
            Math.max(0, now.alone() - now.taken()),
            0);
    if (reached(key, outcome.version())) {
      next(key, rest);
    } else {
      keep(key, rest);
    }
  }

  /** A device that is told of the row without having changed it has seen it all the same. */
  private void shown(EntityKey key, Outcome outcome) {
    boolean told =
        outcome.version() == null
            && outcome.serverRow() != null
            && (outcome.result() == Result.UNCHANGED || outcome.result() == Result.OPEN);
    EntityState state = told ? open().entities().get(key) : null;
    if (state != null && state.version().equals(outcome.serverVersion())) {
      open().entities().put(key, state.shownTo(outcome.device(), outcome.written()));
    }
  }

  private static int place(List<Submission> operations, String id) {
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).operation().id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private void changed(EntityKey key, EntityState state) {
    Pending now = waiting.of(key);
    if (now == null) {
      return;
    }
    waiting.reached(key, state.version());
    if (now.phase() == Phase.STALE) {
      again(key, now);
    } else if (now.phase() == Phase.LANDED && reached(key, now.version())) {
      next(key, now);
    }
  }

  private void tick(long now) {
    for (EntityKey key : waiting.due(now)) {
      Pending pending = waiting.of(key);
      if (pending == null || pending.due() > now) {
        continue;
      }
      switch (pending.phase()) {
        case FLYING -> {
          meters.resent();
          LOG.info(
              "nothing was heard of write {} of {}: it is decided again", pending.write(), key);
          again(key, pending);
        }
        case STALE, RESTING -> again(key, pending);
        case LANDED -> next(key, pending);
      }
    }
  }

  /** Decides the same operations once more. */
  private void again(EntityKey key, Pending now) {
    if (now.operations().isEmpty()) {
      next(key, now);
    } else {
      decide(key, now.operations(), now.tries(), now.alone(), now.parentMissingSince());
    }
  }

  /** Goes on to the operations that are left, and those that have come meanwhile. */
  private void next(EntityKey key, Pending now) {
    List<Submission> operations = new ArrayList<>(now.operations());
    takeQueued(key, operations);
    if (operations.isEmpty()) {
      forget(open().pending(), key);
      waiting.rest(key);
    } else {
      decide(key, operations, 0, now.alone(), 0);
    }
  }

  private void takeQueued(EntityKey key, List<Submission> operations) {
    if (waiting.queued(key) == 0) {
      return;
    }
    List<String> taken = new ArrayList<>();
    try (KeyValueIterator<String, Submission> queued =
        open().queue().range(Resolution.firstQueueKey(key), Resolution.lastQueueKey(key))) {
      while (queued.hasNext() && operations.size() < Resolution.MOST_AT_ONCE) {
        KeyValue<String, Submission> entry = queued.next();
        taken.add(entry.key);
        // Sent twice, it may have been queued twice.
        if (operations.stream().noneMatch(other -> same(other, entry.value))) {
          operations.add(entry.value);
        }
      }
    }
    taken.forEach(place -> forget(open().queue(), place));
    waiting.queued(key, -taken.size());
  }

  private void decide(
      EntityKey key, List<Submission> operations, int tries, int alone, long parentMissingSince) {
    EntityState state = open().entities().get(key);
    RowWrite write = write(key, state, operations, alone, parentMissingSince);
    long now = millis();
    for (RowWrite.Entry entry : write.entries()) {
      Submission submission = entry.submission();
      meters.decided(
          key.type(),
          submission.operation().strategy(),
          entry.ruling(),
          Duration.between(submission.received(), Instant.ofEpochMilli(now)));
    }
    meters.together(write.entries().size());
    keep(
        key,
        new Pending(
            Phase.FLYING,
            write.id(),
            operations,
            write.entries().size(),
            state == null ? null : state.version(),
            now + UNHEARD.toMillis() * Math.min(6, 1 + tries / 8),
            tries + 1,
            alone,
            parentMissingSince));
    if (state != null) {
      waiting.reached(key, state.version());
    }
    open().context().forward(new Record<>(key, write, now));
  }

  private RowWrite write(
      EntityKey key,
      @Nullable EntityState state,
      List<Submission> operations,
      int alone,
      long parentMissingSince) {
    String id = Long.toHexString(ThreadLocalRandom.current().nextLong());
    EntityType type = catalog.type(key.type()).orElse(null);
    Policy policy = policies.of(key.type());
    if (type == null || policy == null) {
      return refused(key, id, operations.getFirst(), "unknown_type", "The type is unknown.");
    }
    Round.Plan plan;
    try {
      plan = Round.plan(type, policy, state, operations, alone > 0 ? 1 : Integer.MAX_VALUE);
    } catch (RuntimeException e) {
      // Not a dead letter: the device would wait for ever, and others of its entity behind it.
      LOG.error("operation {} cannot be decided", operations.getFirst().operation().id(), e);
      return refused(key, id, operations.getFirst(), "undecidable", "It cannot be decided.");
    }
    return new RowWrite(
        key,
        id,
        plan.effect(),
        plan.expected(),
        plan.decided().stream()
            .map(decided -> new RowWrite.Entry(decided.submission(), Rulings.of(type, decided)))
            .toList(),
        plan.sent(),
        isPatient(operations.getFirst(), parentMissingSince));
  }

  private static RowWrite refused(
      EntityKey key, String id, Submission submission, String code, String detail) {
    Ruling ruling = Rulings.undecidable(code, detail);
    return new RowWrite(
        key,
        id,
        new RowEffect.None(),
        new Expected.Absent(),
        List.of(new RowWrite.Entry(submission, ruling)),
        null,
        false);
  }

  private boolean isPatient(Submission first, long parentMissingSince) {
    Duration patience = first.parents().isEmpty() ? PARENT_ELSEWHERE : PARENT_IN_BATCH;
    return parentMissingSince == 0 || millis() - parentMissingSince < patience.toMillis();
  }

  private long rest(Pending now) {
    long rest = SHORTEST_REST.toMillis() << Math.min(10, Math.max(0, now.tries() - 1));
    return millis() + Math.min(rest, LONGEST_REST.toMillis());
  }

  private boolean reached(EntityKey key, @Nullable Version version) {
    if (version == null) {
      return true;
    }
    Version now = version(key);
    return now != null && !version.isAfter(now);
  }

  private @Nullable Version version(EntityKey key) {
    Version known = waiting.reached(key);
    if (known != null) {
      return known;
    }
    EntityState state = open().entities().get(key);
    return state == null ? null : state.version();
  }

  /** Deletes without asking what was there, which a store's own delete has to read and return. */
  @SuppressWarnings("NullAway") // the store's contract: null deletes
  private static <K> void forget(KeyValueStore<K, ?> store, K key) {
    store.put(key, null);
  }

  private void keep(EntityKey key, Pending pending) {
    open().pending().put(key, pending);
    waiting.set(key, pending);
  }

  private long millis() {
    return open().context().currentSystemTimeMs();
  }

  private Open open() {
    return requireNonNull(open, "the processor is not initialised");
  }
}
