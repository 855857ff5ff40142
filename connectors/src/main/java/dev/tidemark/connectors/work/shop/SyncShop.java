package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * {@code sync_products}, {@code sync_inventory}, {@code sync_orders}: reads what an integration's
 * platform has that is new, page by page, and brings the shop's rows up to it.
 *
 * <p>Input: {@code {"integration_id": 1, "options": {"full": true}}}; {@code full} reads everything
 * again. The platform answers {@code GET base_url/products?limit=100&since=…&page=…} with {@code
 * {"items": […], "next": "names the next page", "since": "what to ask from the next time"}} and may
 * give an {@code ETag} or {@code Last-Modified}.
 *
 * <p>Jobs about one kind of one integration exclude each other in the database, so that none writes
 * what another has overtaken. Where to go on is kept after each page; the cursor moves when all
 * pages are in.
 */
final class SyncShop implements JobHandler<ObjectNode, SyncResult> {
  private static final int LOCKS = 0x7368_6f70;

  private final WorkDatabase database;
  private final Platform platform;
  private final ShopRows rows;

  SyncShop(WorkDatabase database, Platform platform, ShopRows rows) {
    this.database = database;
    this.platform = platform;
    this.rows = rows;
  }

  @Override
  public String type() {
    return "sync_" + rows.kind();
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public SyncResult run(ObjectNode input, JobContext context) throws Exception {
    Given given = new Given(input);
    int id = given.integer("integration_id");
    boolean full = given.within("options").flag("full");
    try (Connection connection = database.open(type())) {
      Integration integration = Integration.find(connection, id);
      if (!integration.enabled()) {
        throw new FinalError("integration " + id + " is not enabled");
      }
      lock(connection, id);
      return sync(connection, integration, full, context);
    }
  }

  private void lock(Connection connection, int id) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_try_advisory_lock(?, hashtext(?))")) {
      lock.setInt(1, LOCKS);
      lock.setString(2, rows.kind() + " " + id);
      try (ResultSet got = lock.executeQuery()) {
        got.next();
        if (!got.getBoolean(1)) {
          throw new SQLException(
              "another job reads the " + rows.kind() + " of integration " + id + " right now");
        }
      }
    }
  }

  private SyncResult sync(
      Connection connection, Integration integration, boolean full, JobContext context)
      throws Exception {
    Taking taking = new Taking(connection, integration, rows, context);
    Cursor known = Cursor.find(connection, integration.id(), rows.kind());
    Optional<String> since = full ? Optional.empty() : Optional.ofNullable(known.since());
    Position position =
        context.saved().flatMap(Position::parse).orElseGet(() -> Position.beginning(since));
    if (position.next().isEmpty()) {
      Position.Counts again = taking.takeAsides();
      if (again.read() > 0) {
        context.log(
            "%d of %d that were set aside are taken"
                .formatted(again.read() - again.aside(), again.read()));
      }
    }
    boolean restarted = false;
    while (true) {
      context.checkpoint();
      boolean isFirst = position.next().isEmpty();
      String url = Platform.url(integration, rows.kind(), position.since(), position.next());
      switch (platform.page(integration, url, full ? Cursor.NONE : known, isFirst, context)) {
        case Platform.Answer.Unchanged() -> {
          finish(connection, integration, known);
          return result(integration, position, true);
        }
        case Platform.Answer.NoSuchPage() -> {
          if (restarted) {
            throw new FinalError("the platform does not know the page that it named");
          }
          context.log(
              "the platform does not know the page any more; it is read from the beginning");
          restarted = true;
          position = Position.beginning(position.since());
        }
        case Platform.Answer.Found(Page page, String etag, String lastModified) -> {
          if (page.next().isPresent() && page.next().equals(position.next())) {
            throw new FinalError("the platform's page names itself as the next");
          }
          Position before = position;
          Position.Counts counts = position.counts().plus(taking.take(page.items()));
          position =
              new Position(position.since(), page.next(), page.since().or(before::newest), counts);
          if (page.next().isEmpty()) {
            // Validators of one page say nothing about those that follow it.
            finish(
                connection,
                integration,
                new Cursor(
                    position.newest().orElse(null),
                    isFirst ? url : null,
                    isFirst ? etag : null,
                    isFirst ? lastModified : null));
            context.progress(100, told(counts));
            return result(integration, position, false);
          }
          position.text().ifPresent(context::save);
          context.progress(0, told(counts));
        }
      }
    }
  }

  private void finish(Connection connection, Integration integration, Cursor cursor)
      throws SQLException {
    WorkDatabase.inTransaction(
        connection,
        () -> {
          cursor.keep(connection, integration.id(), rows.kind());
          return true;
        });
  }

  private SyncResult result(Integration integration, Position position, boolean unchanged) {
    Position.Counts counts = position.counts();
    return new SyncResult(
        integration.id(), rows.kind(), counts.read(), counts.changed(), counts.aside(), unchanged);
  }

  private String told(Position.Counts counts) {
    return "%,d %s read, %,d rows changed".formatted(counts.read(), rows.kind(), counts.changed());
  }
}
