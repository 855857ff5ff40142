package dev.tidemark.pipeline.resolution;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entities of a task that have operations on their way, in memory: the stores hold the truth,
 * and this is built of them when the task begins. It saves asking them about the many entities that
 * rest. One thread.
 */
final class Waiting {
  private final Map<EntityKey, Pending> pending = new HashMap<>();
  private final Map<EntityKey, Integer> queued = new HashMap<>();
  private final Map<EntityKey, Version> reached = new HashMap<>();
  private final TreeMap<Long, List<EntityKey>> due = new TreeMap<>();
  private final ResolverMeters meters;

  Waiting(ResolverMeters meters) {
    this.meters = meters;
  }

  @Nullable Pending of(EntityKey key) {
    return pending.get(key);
  }

  void set(EntityKey key, Pending now) {
    Pending before = pending.put(key, now);
    if (before == null) {
      meters.pending(1);
    }
    count(before, -1);
    count(now, 1);
    due.computeIfAbsent(now.due(), _ -> new ArrayList<>()).add(key);
  }

  /** The version of an entity that has operations on its way is this now. */
  void reached(EntityKey key, Version version) {
    reached.put(key, version);
  }

  /** The version of such an entity; null if it has none or it is not known here. */
  @Nullable Version reached(EntityKey key) {
    return reached.get(key);
  }

  void rest(EntityKey key) {
    reached.remove(key);
    Pending before = pending.remove(key);
    if (before != null) {
      meters.pending(-1);
      count(before, -1);
    }
  }

  private void count(@Nullable Pending some, int change) {
    if (some != null && some.parentMissingSince() > 0) {
      meters.parked(change);
    }
  }

  int queued(EntityKey key) {
    return queued.getOrDefault(key, 0);
  }

  void queued(EntityKey key, int change) {
    queued.merge(key, change, (one, other) -> one + other == 0 ? null : one + other);
    meters.queued(change);
  }

  /** Takes those whose time has come; one that was set anew meanwhile is not among them. */
  List<EntityKey> due(long now) {
    if (due.isEmpty() || due.firstKey() > now) {
      return List.of();
    }
    List<EntityKey> ripe = new ArrayList<>();
    Map<Long, List<EntityKey>> passed = due.headMap(now, true);
    passed.forEach(
        (time, keys) -> {
          for (EntityKey key : keys) {
            Pending state = pending.get(key);
            if (state != null && state.due() == time) {
              ripe.add(key);
            }
          }
        });
    passed.clear();
    return ripe;
  }

  /** Takes back what was counted of this task. */
  void forget() {
    List.copyOf(pending.keySet()).forEach(this::rest);
    queued.values().forEach(count -> meters.queued(-count));
    queued.clear();
    reached.clear();
    due.clear();
  }
}
