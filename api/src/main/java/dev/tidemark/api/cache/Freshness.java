package dev.tidemark.api.cache;

import static java.util.Objects.requireNonNull;

import dev.tidemark.pipeline.cache.core.Sight;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Since when this node is known to have heard of everything. A proof says: whatever was committed
 * before a moment has come through to this node. Answers are given from memory only while the
 * youngest proof is young enough; so a change may be late by as much and no more, whatever part of
 * the way is broken.
 */
public final class Freshness {
  private static final int PROOFS_KEPT = 400;

  private final Duration limit;
  private final LongSupplier nanos;
  private final Deque<Proof> proofs = new ArrayDeque<>();
  private volatile @Nullable Proof newest;
  private volatile String obstacle = "nothing has been proven yet";

  /** Everything committed before a moment has been heard of, and what was visible soon after. */
  private record Proof(long nanos, Sight sight, long takenNanos) {}

  /**
   * Nothing is proven yet.
   *
   * @param limit how old the youngest proof may be
   * @param nanos a clock that never goes back
   */
  public Freshness(Duration limit, LongSupplier nanos) {
    this.limit = requireNonNull(limit, "limit is null");
    this.nanos = requireNonNull(nanos, "nanos is null");
  }

  /** The time by which proofs are taken. */
  public long now() {
    return nanos.getAsLong();
  }

  /**
   * Everything that was committed before a moment has been heard of.
   *
   * @param asOfNanos the moment
   * @param sight a snapshot
   * @param takenNanos a moment by which it had been taken
   */
  public synchronized void prove(long asOfNanos, Sight sight, long takenNanos) {
    Proof proof = new Proof(asOfNanos, sight, takenNanos);
    proofs.addLast(proof);
    if (proofs.size() > PROOFS_KEPT) {
      proofs.removeFirst();
    }
    newest = proof;
    obstacle = "";
  }

  /** Why there is no proof. */
  public void hindered(String why) {
    obstacle = why;
  }

  /** Whether answers may be given from memory. */
  public boolean isFresh() {
    return isFresh(Duration.ZERO);
  }

  /** Whether answers may be given from memory that may be older by as much. */
  public boolean isFresh(Duration beyond) {
    Proof proof = newest;
    return proof != null && nanos.getAsLong() - proof.nanos() <= limit.toNanos() + beyond.toNanos();
  }

  /** Whether everything that was committed before a moment has been heard of. */
  public boolean isProvenSince(long moment) {
    Proof proof = newest;
    return proof != null && proof.nanos() - moment >= 0;
  }

  /** How old the youngest proof is; empty if there is none. */
  public Optional<Duration> age() {
    Proof proof = newest;
    return proof == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanos.getAsLong() - proof.nanos()));
  }

  /** The youngest snapshot that is at least so old; empty if none is remembered. */
  public synchronized Optional<Sight> sightBefore(long moment) {
    Proof found = null;
    for (Proof proof : proofs) {
      if (proof.takenNanos() - moment > 0) {
        break;
      }
      found = proof;
    }
    return Optional.ofNullable(found).map(Proof::sight);
  }

  /** Nothing is proven any more, as when the history of the database is another one. */
  public synchronized void forget(String why) {
    proofs.clear();
    newest = null;
    obstacle = why;
  }

  /** Why nothing could be proven last; empty if it could. */
  public String obstacle() {
    return obstacle;
  }

  public Duration limit() {
    return limit;
  }
}
