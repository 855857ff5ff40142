package dev.tidemark.connectors.work.backup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.connectors.work.storage.Storage;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * {@code backup}: a copy of the database into {@code backups/(time)-(job)} in the storage; copies
 * that are older than is wanted go afterwards, the newest never. Input: {@code {"keep": "30d"}}.
 *
 * <p>With {@code pg_dump} it is a dump in its custom format ({@code .dump}), for {@code
 * pg_restore}; else an archive ({@code .zip}) of the schemas that the catalog's tables are in and
 * of Tidemark's own, for {@link Restore}. Either is a stream that is never whole in memory, and is
 * there whole or not at all.
 */
final class Backup implements JobHandler<ObjectNode, Backup.Made> {
  private static final Duration KEEP = Duration.ofDays(30);
  private static final String FOLDER = "backups/";
  private static final int BUFFER = 1024 * 1024;
  private static final int MOST_LISTED = 10_000;
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * What was made.
   *
   * @param removed how many old copies are gone
   */
  record Made(String key, long bytes, int removed) {}

  private final WorkDatabase database;
  private final Storage storage;
  private final Set<String> schemas;
  private final List<Path> pgDump;
  private final InstantSource clock;

  /**
   * @param pgDump where the program is; empty if there is none
   */
  Backup(
      WorkDatabase database,
      Storage storage,
      Catalog catalog,
      List<Path> pgDump,
      InstantSource clock) {
    this.database = database;
    this.storage = storage;
    this.pgDump = pgDump;
    this.clock = clock;
    schemas = new TreeSet<>(Set.of("tidemark"));
    catalog.types().forEach(type -> schemas.add(type.table().schema()));
  }

  @Override
  public String type() {
    return "backup";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Made run(ObjectNode input, JobContext context) throws Exception {
    Duration keep = new Given(input).duration("keep", KEEP, Duration.ofDays(1));
    Instant now = clock.instant();
    String name = FOLDER + NAME.format(now) + "-" + context.id().replaceAll("[^A-Za-z0-9]", "");
    String key = name + (pgDump.isEmpty() ? ".zip" : ".dump");
    try {
      if (pgDump.isEmpty()) {
        archive(key, context);
      } else {
        dump(pgDump.getFirst(), key, context);
      }
    } catch (IOException e) {
      context.checkpoint();
      throw e;
    }
    long bytes =
        storage
            .head(key)
            .orElseThrow(() -> new IOException(key + " is not in the storage"))
            .bytes();
    return new Made(key, bytes, removeOld(key, now.minus(keep), context));
  }

  private void archive(String key, JobContext context) throws Exception {
    PipedInputStream in = new PipedInputStream(BUFFER);
    PipedOutputStream out = new PipedOutputStream(in);
    try (Connection connection = database.open(type())) {
      FutureTask<Manifest> writing =
          new FutureTask<>(
              () -> {
                try (out) {
                  return Archive.write(connection, schemas, out, () -> requireGoing(context));
                }
              });
      Thread writer = Thread.ofVirtual().name("backup").start(writing);
      try {
        storage.put(key, "application/zip", new WholeInput(in, () -> requireWritten(writing)));
        Manifest manifest = writing.get();
        context.log(
            "%d tables with %,d rows as of %s"
                .formatted(
                    manifest.tables().size(),
                    manifest.tables().stream().mapToLong(Manifest.Table::rows).sum(),
                    manifest.lsn()));
      } finally {
        // Whoever still writes into a pipe that nobody reads finds it closed.
        in.close();
        writer.join();
      }
    }
  }

  private static void requireGoing(JobContext context) throws InterruptedIOException {
    if (context.asked().isPresent()) {
      throw new InterruptedIOException("the job has to end");
    }
  }

  private static void requireWritten(FutureTask<Manifest> writing) throws IOException {
    try {
      writing.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the job has to end");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(
          "the database could not be read: " + (cause == null ? e : cause).getMessage(), e);
    }
  }

  private void dump(Path program, String key, JobContext context)
      throws IOException, InterruptedException {
    PostgresUrl url = database.url();
    ProcessBuilder builder =
        new ProcessBuilder(
            program.toString(),
            "--format=custom",
            "--no-password",
            "--host=" + url.host(),
            "--port=" + url.port(),
            "--username=" + url.user(),
            "--dbname=" + url.database());
    // Arguments can be seen by everybody on the machine.
    builder.environment().put("PGPASSWORD", url.password());
    String mode = url.parameters().get("sslmode");
    if (mode != null) {
      builder.environment().put("PGSSLMODE", mode);
    }
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      process.getOutputStream().close();
      storage.put(
          key,
          "application/octet-stream",
          new WholeInput(
              new Watched(out, () -> requireGoing(context)), () -> requireSuccess(process)));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void requireSuccess(Process process) throws IOException {
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("pg_dump ended with " + code + "; its reason is in the log");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the job has to end");
    }
  }

  private int removeOld(String newest, Instant before, JobContext context) throws Exception {
    int removed = 0;
    for (Storage.Stored old : storage.list(FOLDER, MOST_LISTED)) {
      if (!old.key().equals(newest) && madeBefore(old, before)) {
        context.checkpoint();
        storage.delete(old.key());
        removed++;
      }
    }
    return removed;
  }

  /** By its name: the storage says when it came there, which a move between storages changes. */
  private static boolean madeBefore(Storage.Stored old, Instant before) {
    String name = old.key().substring(FOLDER.length());
    return name.matches("[0-9]{8}T[0-9]{6}Z-.*")
        && name.substring(0, 16).compareTo(NAME.format(before)) < 0;
  }
}
