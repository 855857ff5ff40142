package dev.tidemark.connectors.work.webhook;

import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.http.Outside;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The handlers of this room. */
public final class WebhookWork {
  private WebhookWork() {}

  /**
   * Makes them.
   *
   * @param secrets by their names; the one called {@code default} is used if none is named
   */
  public static List<JobHandler<?, ?>> handlers(
      WorkDatabase database, Outside outside, Map<String, String> secrets, InstantSource clock) {
    return List.of(new DeliverWebhook(outside, secrets, clock), new ReceiveWebhook(database));
  }
}
