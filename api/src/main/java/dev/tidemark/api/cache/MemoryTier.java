package dev.tidemark.api.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.pipeline.cache.core.Marks;
import dev.tidemark.pipeline.cache.core.Sight;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers in the memory of this process. Looking one up takes no lock; what comes in and what goes
 * is decided under one, so that an answer is never put in behind the invalidation that it missed.
 */
public final class MemoryTier {
  /** The longest time between a snapshot and the answer that was read in it. */
  static final Duration LONGEST_FETCH = Duration.ofSeconds(5);

  private static final Duration MARKS_KEPT = LONGEST_FETCH.multipliedBy(3);
  private static final int MOST_MARKS = 500_000;
  private static final int MOST_REMEMBERED = 20_000;

  private final LongSupplier millis;
  private final Cache<String, Answer> answers;
  private final Cache<String, Answer> outdated;
  private final Cache<String, Invalidation> last;
  private final Function<String, Duration> staleFor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Marks marks = new Marks(MOST_MARKS);
  private final Map<String, Set<String>> byDependency = new HashMap<>();
  private final AtomicLong generation = new AtomicLong();

  // Caffeine tells of removals while it holds a lock of its own, so ours is not taken there.
  private final Queue<Answer> removed = new ConcurrentLinkedQueue<>();

  /** How an answer that was offered fared. */
  public enum Put {
    /** It is kept. */
    KEPT,
    /** Something made it untrue while it was fetched. */
    LATE,
    /** The tier was emptied while it was fetched, or the answer is too large. */
    REFUSED
  }

  /**
   * An empty tier.
   *
   * @param bytes how much it may hold
   * @param millis the clock on the wall
   * @param staleFor for how long an answer of a view, by a key of it, may be given after it has
   *     become untrue
   */
  public MemoryTier(long bytes, LongSupplier millis, Function<String, Duration> staleFor) {
    this.millis = millis;
    this.staleFor = staleFor;
    answers =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((String _, Answer answer) -> answer.weight())
            .expireAfter(new UntilItExpires())
            .executor(Runnable::run)
            .recordStats()
            .removalListener(this::removed)
            .build();
    outdated =
        Caffeine.newBuilder()
            .maximumWeight(Math.max(1, bytes / 8))
            .weigher((String _, Answer answer) -> answer.weight())
            .expireAfter(Expiry.<String, Answer>creating((key, _) -> staleFor.apply(key)))
            .executor(Runnable::run)
            .build();
    last = Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).executor(Runnable::run).build();
  }

  /** Until an answer expires by the clock on the wall. */
  private final class UntilItExpires implements Expiry<String, Answer> {
    @Override
    public long expireAfterCreate(String key, Answer answer, long now) {
      return TimeUnit.MILLISECONDS.toNanos(
          Math.max(0, answer.expiresAtMillis() - millis.getAsLong()));
    }

    @Override
    public long expireAfterUpdate(String key, Answer answer, long now, long left) {
      return expireAfterCreate(key, answer, now);
    }

    @Override
    public long expireAfterRead(String key, Answer answer, long now, long left) {
      return left;
    }
  }

  /** The answer, if there is one. */
  public @Nullable Answer get(String key) {
    return answers.getIfPresent(key);
  }

  /** An answer that has become untrue of late and may be given all the same. */
  public @Nullable Answer outdated(String key) {
    return outdated.getIfPresent(key);
  }

  /** To be taken before an answer is fetched, and given with it. */
  public long generation() {
    return generation.get();
  }

  /** Offers an answer that was fetched in a generation. */
  public Put put(Answer answer, long since) {
    lock.lock();
    try {
      if (since != generation.get()) {
        return Put.REFUSED;
      }
      if (!marks.allow(answer.sight(), answer.key(), answer.dependencies())) {
        return Put.LATE;
      }
      answers.put(answer.key(), answer);
      for (String dependency : answer.dependencies()) {
        byDependency.computeIfAbsent(dependency, _ -> new HashSet<>()).add(answer.key());
      }
      tidy();
      // What is too large for the tier has left it again.
      if (!answers.asMap().containsKey(answer.key())) {
        return Put.REFUSED;
      }
      outdated.invalidate(answer.key());
      return Put.KEPT;
    } finally {
      lock.unlock();
    }
  }

  /** Whether an answer that somebody else keeps is true as far as this node has heard. */
  public boolean allows(Answer answer) {
    lock.lock();
    try {
      return marks.allow(answer.sight(), answer.key(), answer.dependencies());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drops what these make untrue.
   *
   * @param recent whether it became so a moment ago: then views that allow it give it for a while
   * @return how many answers went
   */
  public int invalidate(Collection<Invalidation> invalidations, boolean recent) {
    long now = millis.getAsLong();
    int dropped = 0;
    lock.lock();
    try {
      for (Invalidation invalidation : invalidations) {
        String target = invalidation.target();
        last.put(target, invalidation);
        marks.add(target, invalidation.transaction(), now);
        dropped += drop(target, invalidation.transaction(), recent);
        Set<String> keys = byDependency.get(target);
        if (keys != null) {
          for (String key : List.copyOf(keys)) {
            dropped += drop(key, invalidation.transaction(), recent);
          }
        }
      }
      tidy();
    } finally {
      lock.unlock();
    }
    return dropped;
  }

  private int drop(String key, long transaction, boolean recent) {
    Answer answer = answers.getIfPresent(key);
    if (answer == null || answer.sight().shows(transaction)) {
      return 0;
    }
    if (recent && staleFor.apply(key).isPositive()) {
      outdated.put(key, answer);
    }
    answers.invalidate(key);
    return 1;
  }

  /** Drops everything, and refuses what is being fetched right now. */
  public void clear() {
    lock.lock();
    try {
      generation.incrementAndGet();
      answers.invalidateAll();
      outdated.invalidateAll();
      byDependency.clear();
      removed.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Drops one answer, whatever it says. */
  public void evict(String key) {
    lock.lock();
    try {
      answers.invalidate(key);
      outdated.invalidate(key);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forgets transactions for which no answer can come too late any more.
   *
   * @param sight a snapshot that was taken at least as long ago as marks are kept
   */
  public void forget(Sight sight) {
    lock.lock();
    try {
      marks.forget(millis.getAsLong() - MARKS_KEPT.toMillis(), sight);
      tidy();
    } finally {
      lock.unlock();
    }
  }

  /** For how long a mark is kept at least. */
  public static Duration marksKept() {
    return MARKS_KEPT;
  }

  /** What made a target untrue last, as far as this node remembers. */
  public Optional<Invalidation> lastOf(String target) {
    return Optional.ofNullable(last.getIfPresent(target));
  }

  /** The keys of all answers. */
  public Set<String> keys() {
    return Set.copyOf(answers.asMap().keySet());
  }

  public long size() {
    return answers.estimatedSize();
  }

  /** How much the answers take, about. */
  public long weight() {
    return answers.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
  }

  public long evictions() {
    return answers.stats().evictionCount();
  }

  /** How many transactions are remembered. */
  public int marked() {
    lock.lock();
    try {
      return marks.size();
    } finally {
      lock.unlock();
    }
  }

  private void removed(@Nullable String key, @Nullable Answer answer, RemovalCause cause) {
    if (answer != null) {
      removed.add(answer);
    }
  }

  /** Forgets the dependencies of answers that have gone. */
  private void tidy() {
    for (Answer gone = removed.poll(); gone != null; gone = removed.poll()) {
      Answer current = answers.getIfPresent(gone.key());
      for (String dependency : gone.dependencies()) {
        Set<String> keys = byDependency.get(dependency);
        if (keys != null && (current == null || !current.dependencies().contains(dependency))) {
          keys.remove(gone.key());
          if (keys.isEmpty()) {
            byDependency.remove(dependency);
          }
        }
      }
    }
  }
}
