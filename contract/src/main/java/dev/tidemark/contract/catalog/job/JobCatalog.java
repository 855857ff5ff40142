package dev.tidemark.contract.catalog.job;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All work that is declared: queues, types of jobs, and when some of them are due. */
public record JobCatalog(List<JobQueue> queues, List<JobType> types, List<JobSchedule> schedules) {
  public static final JobCatalog NONE = new JobCatalog(List.of(), List.of(), List.of());

  public JobCatalog {
    queues = List.copyOf(queues);
    types = List.copyOf(types);
    schedules = List.copyOf(schedules);
    for (JobType type : types) {
      for (String name : type.queues()) {
        if (queues.stream().noneMatch(queue -> queue.name().equals(name))) {
          throw new IllegalArgumentException("the job " + type.name() + " has no queue " + name);
        }
      }
    }
    for (JobSchedule schedule : schedules) {
      if (types.stream().noneMatch(type -> type.name().equals(schedule.job()))) {
        throw new IllegalArgumentException(
            "the schedule " + schedule.name() + " has no job " + schedule.job());
      }
    }
  }

  // The scheduler asks for both several times for each job, which a stream would be too much for.

  public Optional<JobQueue> queue(String name) {
    for (JobQueue queue : queues) {
      if (queue.name().equals(name)) {
        return Optional.of(queue);
      }
    }
    return Optional.empty();
  }

  public Optional<JobType> type(String name) {
    for (JobType type : types) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  public Optional<JobSchedule> schedule(String name) {
    return schedules.stream().filter(schedule -> schedule.name().equals(name)).findFirst();
  }

  /**
   * The queue with whose jobs those of a type have to be together. A queue that is not spread is in
   * one place, and so are two that share a type, for its limits per key reach over both.
   */
  public Optional<String> home(JobType type) {
    Set<String> together = new TreeSet<>();
    addUnspread(type, together);
    int before;
    do {
      before = together.size();
      for (JobType other : types) {
        if (other.queues().stream().anyMatch(together::contains)) {
          addUnspread(other, together);
        }
      }
    } while (together.size() > before);
    return together.stream()
        .findFirst()
        .or(() -> type.pace().isPresent() ? Optional.of(type.queue()) : Optional.empty());
  }

  private void addUnspread(JobType type, Set<String> names) {
    type.queues().stream()
        .filter(name -> !queue(name).orElseThrow().isSpread())
        .forEach(names::add);
  }
}
