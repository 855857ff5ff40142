package dev.tidemark.connectors.work.notice;

import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The handlers of this room. */
public final class NoticeWork {
  private NoticeWork() {}

  public static List<JobHandler<?, ?>> handlers(
      WorkDatabase database, Courier courier, InstantSource clock) {
    List<JobHandler<?, ?>> handlers =
        new ArrayList<>(
            List.of(
                new AppointmentReminders(database, courier, clock),
                new ExpiredSubscriptions(database, courier, clock),
                new WaitingList(database, courier, clock),
                new DailyDigest(database, courier, clock)));
    handlers.addAll(NotifyDevices.all(database, courier));
    return handlers;
  }
}
