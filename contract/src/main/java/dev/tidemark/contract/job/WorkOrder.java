package dev.tidemark.contract.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What a worker is told of an attempt. It says nothing about attempts that the worker has ended.
 */
public sealed interface WorkOrder {
  /** Of which job. */
  String id();

  /** Of which attempt of it. */
  int attempt();

  /** Who is told. */
  String worker();

  /**
   * It is to be begun.
   *
   * @param type the type of job
   * @param input what it is given, as JSON
   * @param soft when it will be asked to end
   * @param hard when it counts as failed, whatever it does
   * @param saved what an earlier attempt saved last
   */
  record Begin(
      String id,
      int attempt,
      String worker,
      String type,
      String input,
      Instant soft,
      Instant hard,
      Optional<String> saved)
      implements WorkOrder {
    public Begin {
      requireNonNull(id, "id is null");
      requireNonNull(worker, "worker is null");
      requireNonNull(type, "type is null");
      requireNonNull(input, "input is null");
      requireNonNull(soft, "soft is null");
      requireNonNull(hard, "hard is null");
      requireNonNull(saved, "saved is null");
    }
  }

  /**
   * It is to be ended.
   *
   * @param why what for
   */
  record End(String id, int attempt, String worker, Why why) implements WorkOrder {
    public End {
      requireNonNull(id, "id is null");
      requireNonNull(worker, "worker is null");
      requireNonNull(why, "why is null");
    }
  }

  /** What an attempt has to end for. */
  enum Why {
    /** The soft limit is reached: leave what can go on later, and end. */
    LIMIT,
    /** Nobody wants it any more. */
    CANCELLED,
    /** It is not the worker's own any more; whatever comes of it is not taken. */
    ABANDONED
  }
}
