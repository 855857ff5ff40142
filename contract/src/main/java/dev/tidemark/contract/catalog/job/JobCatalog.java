package dev.tidemark.contract.catalog.job;

import java.util.List;
import java.util.Optional;

/** All work that is declared: queues, types of jobs, and when some of them are due. */
public record JobCatalog(List<JobQueue> queues, List<JobType> types, List<JobSchedule> schedules) {
  public static final JobCatalog NONE = new JobCatalog(List.of(), List.of(), List.of());

  public JobCatalog {
    queues = List.copyOf(queues);
    types = List.copyOf(types);
    schedules = List.copyOf(schedules);
    for (JobType type : types) {
      if (queues.stream().noneMatch(queue -> queue.name().equals(type.queue()))) {
        throw new IllegalArgumentException(
            "the job " + type.name() + " has no queue " + type.queue());
      }
    }
    for (JobSchedule schedule : schedules) {
      if (types.stream().noneMatch(type -> type.name().equals(schedule.job()))) {
        throw new IllegalArgumentException(
            "the schedule " + schedule.name() + " has no job " + schedule.job());
      }
    }
  }

  public Optional<JobQueue> queue(String name) {
    return queues.stream().filter(queue -> queue.name().equals(name)).findFirst();
  }

  public Optional<JobType> type(String name) {
    return types.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  public Optional<JobSchedule> schedule(String name) {
    return schedules.stream().filter(schedule -> schedule.name().equals(name)).findFirst();
  }
}
