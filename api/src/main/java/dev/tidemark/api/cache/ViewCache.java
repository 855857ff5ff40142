package dev.tidemark.api.cache;

import dev.tidemark.api.cache.Flights.Landed;
import dev.tidemark.api.cache.MemoryTier.Put;
import dev.tidemark.api.cache.SharedTier.Look;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.pipeline.cache.core.Targets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of views: from memory, else from Redis, else from Postgres.
 *
 * <p>What makes them right: an answer is kept with the snapshot it was read in, and refused where a
 * transaction is known to have made it untrue that this snapshot does not show; a transaction that
 * becomes known later drops it. Nothing is given from memory or Redis unless it is proven that this
 * node has heard of everything up to a moment ago.
 */
public final class ViewCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ViewCache.class);
  private static final int ATTEMPTS = 3;
  private static final Duration LONGEST_AWAITING = Duration.ofMillis(400);
  private static final Duration FIRST_GLANCE = Duration.ofMillis(2);
  private static final Duration LONGEST_GLANCE = Duration.ofMillis(32);

  private final CacheSettings settings;
  private final Targets targets;
  private final MemoryTier memory;
  private final SharedTier shared;
  private final ViewSource source;
  private final Freshness freshness;
  private final CacheMeters meters;
  private final LongSupplier millis;
  private final Frequencies frequencies;
  private final Flights<Given> flights = new Flights<>();
  private final Flights<Given> direct = new Flights<>();
  private final Map<String, CacheView> views;
  private final ExecutorService refreshing =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tidemark-refresh-", 0).factory());
  private volatile Set<String> unfollowed;

  public ViewCache(
      CacheSettings settings,
      Catalog catalog,
      MemoryTier memory,
      SharedTier shared,
      ViewSource source,
      Freshness freshness,
      CacheMeters meters,
      LongSupplier millis) {
    this.settings = settings;
    this.targets = new Targets(catalog);
    this.memory = memory;
    this.shared = shared;
    this.source = source;
    this.freshness = freshness;
    this.meters = meters;
    this.millis = millis;
    this.frequencies = new Frequencies(freshness::now);
    this.views =
        catalog.views().stream()
            .collect(Collectors.toUnmodifiableMap(CacheView::name, view -> view));
    Set<String> all = new HashSet<>();
    catalog
        .views()
        .forEach(view -> view.dependencies().forEach(dependency -> all.add(dependency.type())));
    this.unfollowed = Set.copyOf(all);
  }

  /** For how long an answer may be given that has become untrue, by its key. */
  public static Duration staleFor(Catalog catalog, String key) {
    int colon = key.indexOf(':');
    return catalog
        .view(colon < 0 ? key : key.substring(0, colon))
        .map(CacheView::stale)
        .orElse(Duration.ZERO);
  }

  /**
   * The answer to a question.
   *
   * @param atOnce whether it must show everything that is committed by now
   * @throws AwayException if Postgres has to be asked and does not answer
   */
  public Given ask(Question question, boolean atOnce) {
    Optional<Given> atHand = atOnce ? Optional.empty() : atHand(question);
    if (atHand.isPresent()) {
      return atHand.get();
    }
    frequencies.asked(question.key());
    try {
      Given given = atOnce || !trusted(question.view()) ? direct(question) : kept(question);
      meters.given(given.tier());
      return given;
    } catch (AwayException e) {
      Answer former = question.view().stale().isPositive() ? former(question) : null;
      if (former == null || atOnce) {
        meters.failed();
        throw e;
      }
      meters.given(Given.Tier.STALE);
      return new Given(former, Given.Tier.STALE);
    } catch (RuntimeException e) {
      meters.failed();
      throw e;
    }
  }

  /**
   * The answer, if memory has it and may give it. Waits for nobody, so that any thread may ask.
   * Counted only if it is there; {@link #ask} begins with it and goes on where it is not.
   */
  public Optional<Given> atHand(Question question) {
    Answer known = trusted(question.view()) ? memory.get(question.key()) : null;
    if (known == null) {
      return Optional.empty();
    }
    frequencies.asked(question.key());
    meters.given(Given.Tier.MEMORY);
    return Optional.of(new Given(known, Given.Tier.MEMORY));
  }

  /** Fetches an answer that nobody has asked for yet; one that is kept is left alone. */
  public boolean warm(Question question) {
    if (!trusted(question.view()) || memory.get(question.key()) != null) {
      return false;
    }
    return !flights.join(question.key(), () -> land(question)).value().tier().hit();
  }

  /** What is kept may be untrue since the youngest proof, and no longer than the view allows. */
  private @Nullable Answer former(Question question) {
    Answer kept = freshness.isFresh(question.view().stale()) ? memory.get(question.key()) : null;
    return kept == null ? memory.outdated(question.key()) : kept;
  }

  private Given kept(Question question) {
    if (question.view().stale().isPositive()) {
      Answer outdated = memory.outdated(question.key());
      if (outdated != null) {
        refresh(question);
        return new Given(outdated, Given.Tier.STALE);
      }
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Landed<Given> landed = flights.join(question.key(), () -> land(question));
      // Who joined late may have asked after a change that the answer does not show. If it has been
      // heard of, it is marked.
      if (landed.mine() || memory.allows(landed.value().answer())) {
        return landed.value();
      }
    }
    return direct(question);
  }

  private void refresh(Question question) {
    if (flights.isFlying(question.key())) {
      return;
    }
    try {
      refreshing.execute(
          () -> {
            try {
              var _ = flights.join(question.key(), () -> land(question));
            } catch (RuntimeException e) {
              LOG.debug("{} could not be refreshed", question.key(), e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("Nothing is refreshed while this node stops", e);
    }
  }

  /** Without the cache: what is true by now. */
  private Given direct(Question question) {
    return direct
        .joinNext(question.key(), () -> new Given(fetch(question).answer(), Given.Tier.BYPASS))
        .value();
  }

  /** Gets an answer into memory, from wherever it is. */
  private Given land(Question question) {
    long generation = memory.generation();
    Answer known = memory.get(question.key());
    if (known != null) {
      return new Given(known, Given.Tier.MEMORY);
    }
    Look look = shared.look(question.key());
    if (look instanceof Look.Awaited) {
      look = await(question.key());
    }
    if (look instanceof Look.Found(Answer found) && take(found, generation)) {
      return new Given(found, Given.Tier.REDIS);
    }
    Look.Lease lease = look instanceof Look.Lease granted ? granted : null;
    boolean filled = false;
    try {
      Fetch fetch = fetch(question);
      if (!fetch.inTime() || fetch.answer().body().length > settings.largest()) {
        return new Given(fetch.answer(), Given.Tier.POSTGRES);
      }
      if (memory.put(fetch.answer(), generation) == Put.LATE) {
        meters.late();
      } else if (lease != null) {
        filled = true;
        if (!shared.fill(lease, fetch.answer())) {
          meters.late();
        }
      }
      return new Given(fetch.answer(), Given.Tier.POSTGRES);
    } finally {
      if (lease != null && !filled) {
        shared.release(question.key(), lease);
      }
    }
  }

  private boolean take(Answer found, long generation) {
    if (found.expiresAtMillis() <= millis.getAsLong()) {
      return false;
    }
    return switch (memory.put(found, generation)) {
      case KEPT -> true;
      case LATE -> false;
      // Too large for memory, or memory was emptied meanwhile: then nothing is known of it.
      case REFUSED -> generation == memory.generation() && memory.allows(found);
    };
  }

  /** Waits until whoever holds the lease has brought the answer. */
  private Look await(String key) {
    long deadline = System.nanoTime() + LONGEST_AWAITING.toNanos();
    long pause = FIRST_GLANCE.toNanos();
    while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_GLANCE.toNanos());
      Look look = shared.look(key);
      if (!(look instanceof Look.Awaited)) {
        return look;
      }
    }
    return new Look.Away();
  }

  /** An answer, and whether it came soon enough to be kept. */
  private record Fetch(Answer answer, boolean inTime) {}

  private Fetch fetch(Question question) {
    long began = System.nanoTime();
    ViewSource.Fetched fetched = source.fetch(question, MemoryTier.LONGEST_FETCH);
    long took = System.nanoTime() - began;
    meters.fetched(took);
    CacheView view = question.view();
    Duration lifetime = frequencies.lifetime(question.key(), view.lifetime());
    if (fetched.body().length == 0 && view.absent().compareTo(lifetime) < 0) {
      lifetime = view.absent();
    }
    List<String> dependencies = new ArrayList<>(targets.groupsOf(view, question.values()));
    dependencies.addAll(fetched.found());
    long now = millis.getAsLong();
    return new Fetch(
        new Answer(
            question.key(),
            fetched.body(),
            Etags.of(fetched.body()),
            fetched.sight(),
            dependencies,
            now,
            now + lifetime.toMillis()),
        took < MemoryTier.LONGEST_FETCH.toNanos());
  }

  /** Whether answers of a view may come from the cache now. */
  public boolean trusted(CacheView view) {
    return freshness.isFresh() && untold(view).isEmpty();
  }

  /** The types that a view depends on and whose changes are not followed. */
  public List<String> untold(CacheView view) {
    Set<String> missing = unfollowed;
    if (missing.isEmpty()) {
      return List.of();
    }
    return view.dependencies().stream()
        .map(Dependency::type)
        .filter(missing::contains)
        .distinct()
        .toList();
  }

  /** Which of the entity types that views depend on capture does not follow. */
  public void unfollowed(Set<String> types) {
    unfollowed = Set.copyOf(types);
  }

  /** The entity types that views depend on. */
  public Set<String> types() {
    Set<String> types = new HashSet<>();
    views
        .values()
        .forEach(view -> view.dependencies().forEach(dependency -> types.add(dependency.type())));
    return types;
  }

  /** Takes note of what has become untrue. */
  public void heard(List<Invalidation> invalidations) {
    List<Invalidation> known =
        invalidations.stream().filter(one -> one.transaction() != 0).toList();
    // While nothing is proven, nobody knows for how long an answer has been untrue that goes now.
    int dropped = memory.invalidate(known, freshness.isFresh());
    if (known.size() < invalidations.size()) {
      missed("a change whose transaction is not known");
    }
    meters.invalidated(invalidations.size(), dropped);
    // At a start it hears of what is minutes old.
    if (!invalidations.isEmpty() && freshness.isFresh()) {
      Instant committed = invalidations.getLast().committedAt();
      meters.delayed(Duration.between(committed, Instant.ofEpochMilli(millis.getAsLong())));
    }
  }

  /** Something may have been missed, so nothing in memory can be relied on. */
  public void missed(String why) {
    LOG.warn("All answers in memory are dropped: {}", why);
    memory.clear();
    meters.cleared();
  }

  /** Forgets what need not be known any more. To be called now and then. */
  public void tidy() {
    freshness
        .sightBefore(freshness.now() - MemoryTier.marksKept().toNanos())
        .ifPresent(memory::forget);
  }

  public Optional<CacheView> view(String name) {
    return Optional.ofNullable(views.get(name));
  }

  /** The question that a key is the answer's of. */
  public Optional<Question> question(String key) {
    int colon = key.indexOf(':');
    return view(colon < 0 ? key : key.substring(0, colon))
        .flatMap(view -> view.key().values(key).map(values -> Question.of(view, values)))
        .filter(question -> question.key().equals(key));
  }

  public Targets targets() {
    return targets;
  }

  public MemoryTier memory() {
    return memory;
  }

  public SharedTier shared() {
    return shared;
  }

  public ViewSource source() {
    return source;
  }

  public Freshness freshness() {
    return freshness;
  }

  public CacheMeters meters() {
    return meters;
  }

  public CacheSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    refreshing.shutdownNow();
    try {
      if (!refreshing.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.debug("Answers are still being refreshed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
