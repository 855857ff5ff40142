package dev.tidemark.connectors.work;

import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.backup.BackupWork;
import dev.tidemark.connectors.work.http.Outside;
import dev.tidemark.connectors.work.http.Pause;
import dev.tidemark.connectors.work.notice.Courier;
import dev.tidemark.connectors.work.notice.NoticeWork;
import dev.tidemark.connectors.work.notice.Outbox;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.connectors.work.probe.Probe;
import dev.tidemark.connectors.work.report.ReportWork;
import dev.tidemark.connectors.work.shop.ShopWork;
import dev.tidemark.connectors.work.storage.DirectoryStorage;
import dev.tidemark.connectors.work.storage.S3Storage;
import dev.tidemark.connectors.work.storage.Storage;
import dev.tidemark.connectors.work.upkeep.UpkeepWork;
import dev.tidemark.connectors.work.webhook.WebhookWork;
import dev.tidemark.contract.catalog.Catalog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/** All handlers of this process, and what they share. Close it when no handler runs any more. */
public final class Handlers implements AutoCloseable {
  private final Means means;
  private final List<JobHandler<?, ?>> all;

  private Handlers(Means means, List<JobHandler<?, ?>> all) {
    this.means = means;
    this.all = List.copyOf(all);
  }

  /** Those of Tidemark, with messages put into the outbox, and those that others bring. */
  public static Handlers open(WorkSettings settings, Catalog catalog, InstantSource clock) {
    return open(settings, new Outbox(new WorkDatabase(settings.postgres())), catalog, clock);
  }

  /**
   * Those of Tidemark, and those that others bring.
   *
   * @throws IllegalArgumentException if two handlers are of one type
   */
  public static Handlers open(
      WorkSettings settings, Courier courier, Catalog catalog, InstantSource clock) {
    Means means =
        new Means(
            new WorkDatabase(settings.postgres()),
            storage(settings),
            new Outside(settings.reach()),
            courier,
            catalog,
            clock);
    List<JobHandler<?, ?>> all = new ArrayList<>(own(settings, means));
    ServiceLoader.load(JobHandlers.class).forEach(others -> all.addAll(others.handlers(means)));
    Handlers handlers = new Handlers(means, all);
    try {
      requireOneOfEach(all);
    } catch (IllegalArgumentException e) {
      handlers.close();
      throw e;
    }
    return handlers;
  }

  private static Storage storage(WorkSettings settings) {
    return settings
        .s3()
        .<Storage>map(S3Storage::new)
        .or(() -> settings.directory().map(DirectoryStorage::new))
        .orElseGet(NoStorage::new);
  }

  private static List<JobHandler<?, ?>> own(WorkSettings settings, Means means) {
    WorkDatabase database = means.database();
    Storage storage = means.storage();
    InstantSource clock = means.clock();
    List<JobHandler<?, ?>> own = new ArrayList<>();
    own.addAll(
        ShopWork.handlers(database, means.outside(), settings.shopTokens(), Pause.SLEEP, clock));
    own.addAll(UpkeepWork.handlers(database, storage, means.catalog(), clock));
    own.addAll(ReportWork.handlers(database, clock));
    own.addAll(NoticeWork.handlers(database, means.courier(), clock));
    own.addAll(BackupWork.handlers(database, storage, means.catalog(), settings.pgDump(), clock));
    own.addAll(WebhookWork.handlers(database, means.outside(), settings.webhookSecrets(), clock));
    own.add(new Probe(Pause.SLEEP));
    return own;
  }

  static void requireOneOfEach(List<JobHandler<?, ?>> all) {
    Set<String> types = new HashSet<>();
    for (JobHandler<?, ?> handler : all) {
      if (!types.add(handler.type())) {
        throw new IllegalArgumentException(
            "two handlers do jobs of the type "
                + handler.type()
                + "; one of them is "
                + handler.getClass().getName());
      }
    }
  }

  /** All of them, for a worker. */
  public List<JobHandler<?, ?>> all() {
    return all;
  }

  /** What they share. */
  public Means means() {
    return means;
  }

  @Override
  public void close() {
    means.outside().close();
    if (means.storage() instanceof S3Storage s3) {
      s3.close();
    }
  }
}
