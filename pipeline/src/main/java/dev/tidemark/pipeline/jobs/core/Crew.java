package dev.tidemark.pipeline.jobs.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The workers that a partition knows, and how much room each has for its jobs: a share of the
 * worker's slots, so that all partitions together never give it more than it has. Not thread-safe.
 */
final class Crew {
  /**
   * Silent is everybody after so long in which nothing was heard at all: otherwise silence is told
   * by what others said meanwhile, because what a worker said may stand in a backlog, however long.
   */
  static final Duration SILENCE = Duration.ofSeconds(30);

  private final int partitions;
  private final Map<String, Member> members = new HashMap<>();
  private Instant latest = Instant.MIN;
  private Instant heardHere = Instant.MIN;

  private static final class Member {
    private Set<String> types = Set.of();
    private int room;
    private int busy;
    private Duration lease = Duration.ZERO;
    private Instant heard = Instant.MIN;
  }

  Crew(int partitions) {
    this.partitions = partitions;
  }

  /** Something came through the log at that time of the log. */
  void heardOfTime(Instant logged, Instant now) {
    if (logged.isAfter(latest)) {
      latest = logged;
    }
    heardHere = now;
  }

  /**
   * A worker said that it is there.
   *
   * @return whether it was not known, or as another
   */
  boolean heard(String name, JobTable.Worker worker, Instant logged, Instant now) {
    Member member = members.computeIfAbsent(name, _ -> new Member());
    int room = worker.slots() == 0 ? 0 : Math.max(1, worker.slots() / partitions);
    boolean isNew =
        room != member.room
            || !member.lease.equals(worker.lease())
            || !member.types.equals(worker.types());
    member.types = Set.copyOf(worker.types());
    member.room = room;
    member.lease = worker.lease();
    member.heard = logged;
    heardHere = now;
    return isNew;
  }

  /**
   * A worker goes.
   *
   * @return whether it was known
   */
  boolean gone(String name) {
    return members.remove(name) != null;
  }

  /** Who has not been heard of for too long. */
  List<String> silent(Instant now) {
    List<String> silent = new ArrayList<>();
    members.forEach(
        (name, member) -> {
          boolean others = !latest.isBefore(member.heard.plus(member.lease));
          if (others || !now.isBefore(heardHere.plus(longer(member.lease, SILENCE)))) {
            silent.add(name);
          }
        });
    return silent;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  void begins(String name) {
    Member member = members.get(name);
    if (member != null) {
      member.busy++;
    }
  }

  void ends(String name) {
    Member member = members.get(name);
    if (member != null) {
      member.busy--;
    }
  }

  boolean hasRoom() {
    for (Member member : members.values()) {
      if (member.busy < member.room) {
        return true;
      }
    }
    return false;
  }

  /** How many more jobs of a type could be begun. */
  int roomFor(String type) {
    return members.values().stream()
        .filter(member -> member.types.contains(type))
        .mapToInt(member -> Math.max(0, member.room - member.busy))
        .sum();
  }

  /** The worker for a job of a type: who has most room. */
  Optional<String> forType(String type) {
    String chosen = null;
    int most = 0;
    // Asked for each job that begins.
    for (Map.Entry<String, Member> one : members.entrySet()) {
      Member member = one.getValue();
      int room = member.room - member.busy;
      boolean isBetter =
          room > most || chosen != null && room == most && one.getKey().compareTo(chosen) > 0;
      if (room > 0 && isBetter && member.types.contains(type)) {
        chosen = one.getKey();
        most = room;
      }
    }
    return Optional.ofNullable(chosen);
  }
}
