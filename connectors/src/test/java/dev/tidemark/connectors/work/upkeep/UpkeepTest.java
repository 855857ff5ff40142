package dev.tidemark.connectors.work.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.Ended;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.work.Rig;
import dev.tidemark.connectors.work.TestContext;
import dev.tidemark.connectors.work.storage.Bucket;
import dev.tidemark.connectors.work.storage.S3Storage;
import dev.tidemark.connectors.work.storage.Storage;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Upkeep of a real database and a real object storage. */
@Timeout(120)
class UpkeepTest {
  private static final Instant NOW = Instant.parse("2026-01-31T08:05:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  private static Bucket bucket;
  private static S3Storage storage;
  private Rig rig;
  private final TestContext context = new TestContext();

  @BeforeAll
  static void startBucket() throws Exception {
    bucket = new Bucket();
    storage = new S3Storage(bucket.settings());
  }

  @AfterAll
  static void stopBucket() {
    storage.close();
    bucket.close();
  }

  @BeforeEach
  void start() throws SQLException {
    rig = Rig.fresh();
  }

  @AfterEach
  void stop() throws SQLException {
    rig.close();
  }

  private static ObjectNode input(String json) throws Exception {
    return (ObjectNode) new ObjectMapper().readTree(json);
  }

  @Test
  void theSchedulerForgetsWhatEndedLongAgo() throws Exception {
    new CleanupOldJobs(CLOCK).run(input("{}"), context);
    new CleanupOldJobs(CLOCK).run(input("{\"older_than\": \"90m\"}"), context);
    assertThat(context.forgotten())
        .containsExactly(NOW.minus(Duration.ofDays(7)), NOW.minus(Duration.ofMinutes(90)));
    assertThatThrownBy(
            () -> new CleanupOldJobs(CLOCK).run(input("{\"older_than\": \"soon\"}"), context))
        .isInstanceOf(FinalError.class)
        .hasMessage("older_than has to be a duration as 30d, 12h or 15m");
  }

  /** An operation of a device in the ledger, so many days old; the id is made of its number. */
  private void operation(
      String device, int number, int days, String result, String batch, String resolves)
      throws SQLException {
    rig.sql(
        """
        INSERT INTO tidemark.ledger (id, device_id, idempotency_key, request_hash, batch_id,
          batch_index, entity_type, entity_id, kind, data, sequence, strategy, client_timestamp,
          corrected_timestamp, received_at, written_at, result, reason, decision, request_id,
          resolves)
        SELECT md5('%2$s %1$s')::uuid, '%2$s', '%1$s', '', '%5$s', 0, 'user', '1', 'update', '{}',
          %1$s, 'merge', t, t, t - interval '2 seconds', t, '%4$s', '', '{}', '', %6$s
        FROM (SELECT timestamptz '2026-01-31 08:00:00+00' - interval '%3$s days' AS t) AS times
        """
            .formatted(
                number,
                device,
                days,
                result,
                batch,
                resolves.isEmpty() ? "NULL" : "md5('" + resolves + "')::uuid"));
  }

  private void batch(String device, String batch, int days, boolean open, int... operations)
      throws SQLException {
    StringBuilder ids = new StringBuilder();
    for (int operation : operations) {
      ids.append(ids.isEmpty() ? "" : ",")
          .append("md5('%s %d')::uuid".formatted(device, operation));
    }
    rig.sql(
        """
        INSERT INTO tidemark.batch (device_id, batch_id, received_at, ahead_ms, request_id,
          operations, indexes, errors, open)
        VALUES ('%s', '%s', timestamptz '2026-01-31 08:00:00+00' - interval '%d days', 0, '',
          ARRAY[%s]::uuid[], '{}', '[]', %s)
        """
            .formatted(device, batch, days, ids, open));
  }

  private List<String> left() throws SQLException {
    return rig.rows(
        "SELECT device_id || ' ' || idempotency_key FROM tidemark.ledger ORDER BY device_id,"
            + " sequence");
  }

  @Test
  void oldOperationsGoAndYoungOnesStay() throws Exception {
    for (int number = 1; number <= 6; number++) {
      operation("a", number, 400 - 50 * number, "applied", "b" + number, "");
      batch("a", "b" + number, 400 - 50 * number, true, number);
    }
    CleanupSyncLogs handler = new CleanupSyncLogs(rig.database(), CLOCK);
    assertThat(handler.run(input("{}"), context)).isEqualTo(new CleanupSyncLogs.Removed(4, 4, 0));
    assertThat(left()).containsExactly("a 5", "a 6");
    assertThat(rig.rows("SELECT batch_id, open FROM tidemark.batch ORDER BY 1"))
        .as("nobody waits for operations that are gone")
        .containsExactly("b5|f", "b6|f");
    assertThat(handler.run(input("{\"older_than\": \"120d\"}"), new TestContext()))
        .isEqualTo(new CleanupSyncLogs.Removed(1, 1, 0));
  }

  @Test
  void whatIsNotSettledStaysHoweverOldAndSoDoesWhatSettledIt() throws Exception {
    operation("a", 1, 300, "applied", "b", "");
    operation("a", 2, 290, "open", "b", "");
    operation("a", 3, 280, "applied", "b", "");
    operation("b", 1, 300, "open", "b", "");
    operation("c", 1, 250, "applied", "b", "b 1");
    operation("d", 1, 300, "applied", "incomplete", "");
    batch("d", "incomplete", 300, true, 1, 2);
    // A resolution that did not take does not settle.
    operation("e", 1, 300, "open", "b", "");
    operation("e", 2, 300, "rejected", "b", "e 1");
    CleanupSyncLogs handler = new CleanupSyncLogs(rig.database(), CLOCK);
    handler.run(input("{}"), context);
    assertThat(left())
        .as("c 1 settled b 1: they may go one after the other, never the settlement first")
        .containsExactly("a 2", "a 3", "c 1", "d 1", "e 1", "e 2");
    handler.run(input("{}"), new TestContext());
    assertThat(left()).containsExactly("a 2", "a 3", "d 1", "e 1", "e 2");
  }

  @Test
  void anAttemptGoesOnAtThePageWhereTheLastOneEnded() throws Exception {
    operation("a", 1, 300, "applied", "b", "");
    context.save("0");
    assertThatThrownBy(
            () -> new CleanupSyncLogs(rig.database(), CLOCK).run(input("{}"), context.endAfter(1)))
        .isInstanceOf(Ended.class);
    assertThat(left()).as("it ended before the first page").hasSize(1);
    context.save("128");
    new CleanupSyncLogs(rig.database(), CLOCK).run(input("{}"), context.again());
    assertThat(left()).as("the page was said to be done").hasSize(1);
  }

  private void evidence(int number, String deleted) throws SQLException {
    rig.sql(
        """
        INSERT INTO field.municipalities (id, code, name, population) OVERRIDING SYSTEM VALUE
          VALUES (1, 'ABC01', 'Vila', 10) ON CONFLICT DO NOTHING;
        INSERT INTO field.activities (id, municipality_id, kind, title, planned_for)
          OVERRIDING SYSTEM VALUE VALUES (1, 1, 'SAMPLING', 'Water', '2026-01-31')
          ON CONFLICT DO NOTHING;
        INSERT INTO field.evidence (id, activity_id, municipality_id, file_name, media_type, bytes,
          sha256, deleted_at)
        VALUES (md5('%d')::uuid, 1, 1, 'x.jpg', 'image/jpeg', 1, sha256('x'), %s)
        """
            .formatted(number, deleted));
  }

  @Test
  void deletedFilesGoFromTheStorageAndTheTable() throws Exception {
    evidence(1, "'2025-12-01'");
    evidence(2, "'2026-01-20'");
    evidence(3, "NULL");
    for (int number = 4; number < 64; number++) {
      evidence(number, "'2025-12-01'");
    }
    for (String id : rig.rows("SELECT id FROM field.evidence")) {
      storage.put("evidence/" + id, "image/jpeg", new ByteArrayInputStream(new byte[] {1}));
    }
    assertThat(new CleanupDeletedFiles(rig.database(), storage, CLOCK).run(input("{}"), context))
        .isEqualTo(new CleanupDeletedFiles.Removed(61));
    List<String> left = rig.rows("SELECT 'evidence/' || id FROM field.evidence ORDER BY id");
    assertThat(left).hasSize(2);
    assertThat(storage.list("evidence/", 100))
        .extracting(Storage.Stored::key)
        .containsExactlyElementsOf(left);
  }

  @Test
  void aRowStaysAsLongAsItsFileCannotBeRemoved() throws Exception {
    evidence(1, "'2025-12-01'");
    bucket.close();
    try {
      assertThatThrownBy(
              () ->
                  new CleanupDeletedFiles(rig.database(), storage, CLOCK).run(input("{}"), context))
          .hasMessageContaining("the object storage cannot delete");
      assertThat(rig.one("SELECT count(*) FROM field.evidence")).isEqualTo("1");
    } finally {
      storage.close();
      bucket = new Bucket();
      storage = new S3Storage(bucket.settings());
    }
  }

  @Test
  void oldReportsMoveIntoTheStorage() throws Exception {
    evidence(1, "NULL");
    rig.sql(
        """
        INSERT INTO field.reports (id, municipality_id, code, period, state, document, ready_at)
          OVERRIDING SYSTEM VALUE VALUES
          (1, 1, 'A', '[2025-09-01,2025-10-01)', 'READY', '<p>old', '2025-10-01'),
          (2, 1, 'B', '[2025-09-01,2025-10-01)', 'READY', '<p>young', '2026-01-01'),
          (3, 1, 'C', '[2025-09-01,2025-10-01)', 'READY', NULL, '2025-10-01'),
          (4, 1, 'D', '[2025-09-01,2025-10-01)', 'REQUESTED', NULL, NULL)
        """);
    assertThat(new ArchiveReports(rig.database(), storage, CLOCK).run(input("{}"), context))
        .isEqualTo(new ArchiveReports.Archived(2));
    assertThat(rig.rows("SELECT id, state, document IS NULL FROM field.reports ORDER BY id"))
        .containsExactly("1|ARCHIVED|t", "2|READY|f", "3|ARCHIVED|t", "4|REQUESTED|t");
    try (InputStream document = storage.get("reports/1.html").orElseThrow()) {
      assertThat(new String(document.readAllBytes(), UTF_8)).isEqualTo("<p>old");
    }
    assertThat(storage.list("reports/", 10)).hasSize(1);
  }

  private static EntityType type(String name, TableName table) {
    return new EntityType(
        name,
        "",
        table,
        List.of("id"),
        List.of(),
        List.of(new ScopeTemplate("public")),
        List.of(),
        Map.of());
  }

  @Test
  void everyTableIsVacuumedWhateverItIsCalled() throws Exception {
    rig.sql("CREATE TABLE \"a\"\"b; drop schema shop\" (id int)");
    Catalog catalog =
        new Catalog(
            List.of(
                type("product", new TableName("shop", "products")),
                type("odd", new TableName("public", "a\"b; drop schema shop")),
                type("gone", new TableName("shop", "gone"))));
    assertThat(new VacuumAnalyze(rig.database(), catalog).run(input("{}"), context).tables())
        .contains("shop.products", "public.a\"b; drop schema shop", "tidemark.ledger")
        .doesNotContain("shop.gone");
    assertThat(context.lines()).containsExactly("shop.gone is left out: there is no such table");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        rig.rows(
                            "SELECT relname FROM pg_stat_user_tables"
                                + " WHERE last_vacuum IS NOT NULL AND last_analyze IS NOT NULL"))
                    .contains("products", "a\"b; drop schema shop", "ledger"));
  }

  @Test
  void aLockedTableIsLeftOut() throws Exception {
    rig.sql("BEGIN; LOCK TABLE shop.products");
    Catalog catalog = new Catalog(List.of(type("product", new TableName("shop", "products"))));
    assertThat(new VacuumAnalyze(rig.database(), catalog).run(input("{}"), context).tables())
        .doesNotContain("shop.products");
    assertThat(context.lines()).first().asString().startsWith("shop.products is left out: ");
    rig.sql("ROLLBACK");
  }

  @Test
  void operationsAreCountedByQuartersOfAnHourHoweverOften() throws Exception {
    operation("a", 1, 0, "applied", "b", "");
    operation("b", 1, 0, "applied", "b", "");
    operation("b", 2, 0, "refused", "b", "");
    operation("b", 3, 1, "applied", "b", "");
    AggregateSyncMetrics handler = new AggregateSyncMetrics(rig.database(), CLOCK);
    handler.run(input("{}"), context);
    handler.run(input("{}"), context);
    assertThat(
            rig.rows(
                "SELECT slot, entity_type, result, operations, devices, seconds_p50, seconds_max"
                    + " FROM tidemark.sync_metric ORDER BY result"))
        .as("what is a day old is not among the last four quarters")
        .containsExactly(
            "2026-01-31 08:00:00+00|user|applied|2|2|2|2",
            "2026-01-31 08:00:00+00|user|refused|1|1|2|2");
    operation("c", 1, 0, "applied", "b", "");
    handler.run(input("{\"slots\": 97}"), context);
    assertThat(rig.rows("SELECT operations FROM tidemark.sync_metric ORDER BY slot, result"))
        .containsExactly("1", "3", "1");
  }
}
