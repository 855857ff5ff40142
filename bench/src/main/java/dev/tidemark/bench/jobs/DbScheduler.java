package dev.tidemark.bench.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.UUID;

/** db-scheduler as it works. */
final class DbScheduler {
  static final TaskDescriptor<String> TASK = TaskDescriptor.of("nothing", String.class);

  /** As it comes: six heartbeats of five minutes. */
  static final Duration PLAIN_NOTICES_DEATH =
      SchedulerBuilder.DEFAULT_HEARTBEAT_INTERVAL.multipliedBy(
          SchedulerBuilder.DEFAULT_MISSED_HEARTBEATS_LIMIT);

  private static final int PLAIN_THREADS = 10;

  // What its page on performance has for two cores, and the fewest heartbeats that it allows.
  private static final int TUNED_THREADS = 20;
  private static final double TUNED_LOWER = 4;
  private static final double TUNED_UPPER = 20;
  private static final Duration TUNED_POLL = Duration.ofMillis(100);
  private static final Duration TUNED_HEARTBEAT = Duration.ofSeconds(1);
  private static final int TUNED_MISSED = 4;

  static final Duration TUNED_NOTICES_DEATH = TUNED_HEARTBEAT.multipliedBy(TUNED_MISSED);

  private DbScheduler() {}

  /** How many connections it uses: one for each thread, and some for itself. */
  static int connections(boolean tuned) {
    return (tuned ? TUNED_THREADS : PLAIN_THREADS) + 4;
  }

  static Scheduler start(HikariDataSource database, boolean tuned, Hands hands) {
    OneTimeTask<String> task =
        Tasks.oneTime(TASK)
            .execute(
                (instance, _) -> {
                  try {
                    hands.work(instance.getData());
                  } catch (InterruptedException e) {
                    throw new IllegalStateException("it has to end", e);
                  }
                });
    SchedulerBuilder builder =
        Scheduler.create(database, task)
            .schedulerName(new SchedulerName.Fixed("worker-" + UUID.randomUUID()));
    if (tuned) {
      builder
          .threads(TUNED_THREADS)
          .pollingInterval(TUNED_POLL)
          .pollUsingLockAndFetch(TUNED_LOWER, TUNED_UPPER)
          .heartbeatInterval(TUNED_HEARTBEAT)
          .missedHeartbeatsLimit(TUNED_MISSED);
    }
    Scheduler scheduler = builder.build();
    scheduler.start();
    return scheduler;
  }
}
