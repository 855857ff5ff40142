package dev.tidemark.connectors.work.shop;

import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.http.Outside;
import dev.tidemark.connectors.work.http.Pause;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The handlers of this room. */
public final class ShopWork {
  private ShopWork() {}

  /**
   * Makes them; they share one pace towards each platform.
   *
   * @param tokens the secret by which an integration's platform knows us, by the integration's id
   */
  public static List<JobHandler<?, ?>> handlers(
      WorkDatabase database,
      Outside outside,
      Map<Integer, String> tokens,
      Pause pause,
      InstantSource clock) {
    Platform platform =
        new Platform(outside, tokens, pause, clock, () -> ThreadLocalRandom.current().nextDouble());
    return List.of(
        new SyncShop(database, platform, new ProductRows()),
        new SyncShop(database, platform, new InventoryRows()),
        new SyncShop(database, platform, new OrderRows()),
        new SyncAll(database));
  }
}
