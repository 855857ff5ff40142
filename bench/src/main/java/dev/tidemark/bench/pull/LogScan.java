package dev.tidemark.bench.pull;

import dev.tidemark.pipeline.scopelog.ScopeLog;
import dev.tidemark.pipeline.scopelog.ScopeLogSettings;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Page;
import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.pipeline.scopelog.core.Pull;
import dev.tidemark.pipeline.scopelog.core.Reading;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The limit of a pull: the pages read from a copy of the log, and no HTTP. */
final class LogScan implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long PAGE_BYTES = 4 << 20;

  private final Admin admin;
  private final ScopeLog log;

  private LogScan(Admin admin, ScopeLog log) {
    this.admin = admin;
    this.log = log;
  }

  /** Reads the whole topic; returns when it is in the log. */
  static LogScan open(String kafka, Path directory) throws InterruptedException {
    Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka));
    ScopeLog log =
        ScopeLog.start(
            ScopeLogSettings.of(kafka, directory),
            admin,
            new SimpleMeterRegistry(),
            new Deaf(),
            InstantSource.system());
    LogScan scan = new LogScan(admin, log);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!log.isCaughtUp()) {
      if (System.nanoTime() > deadline) {
        scan.close();
        throw new IllegalStateException("the log does not catch up: " + log.health());
      }
      Thread.sleep(5);
    }
    return scan;
  }

  /** Reads all pages of a first sync; returns how many rows there were. */
  long first(String scope, int limit) {
    try (LogView view = log.view()) {
      Reading reading = Reading.begin(view.end(), new TreeSet<>());
      long rows = 0;
      boolean more = true;
      while (more) {
        Page page = Pull.page(view, reading, Set.of(scope), limit, PAGE_BYTES);
        rows += page.changes().size();
        reading = page.reading();
        more = page.more();
      }
      return rows;
    }
  }

  private static final class Deaf implements ScopeLog.Listener {
    @Override
    public void told(List<ScopeLog.Change> changes, Position end) {
      // Nobody listens here.
    }

    @Override
    public void unreadable(ConsumerRecord<byte[], byte[]> record, String why) {
      throw new IllegalStateException(why);
    }
  }

  @Override
  public void close() {
    log.close();
    admin.close();
  }
}
