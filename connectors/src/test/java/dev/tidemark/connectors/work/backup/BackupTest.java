package dev.tidemark.connectors.work.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.Ended;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of one real database that are restored into another. */
@Timeout(180)
class BackupTest {
  private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");
  private static final List<String> SCHEMAS =
      List.of("booking", "appointments", "field", "shop", "tidemark");

  private static Bucket bucket;
  private static S3Storage storage;
  private Rig rig;
  private final TestContext context = new TestContext();
  @TempDir private Path directory;

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
  void start() throws Exception {
    rig = Rig.fresh();
    rig.sql(
        """
        CREATE TABLE shop."odd "" table" ("a b" int PRIMARY KEY,
          next int REFERENCES shop."odd "" table", twice int GENERATED ALWAYS AS ("a b" * 2) STORED);
        INSERT INTO shop."odd "" table" VALUES (1, 2), (2, NULL);
        CREATE TABLE shop.hen (id int PRIMARY KEY, egg int);
        CREATE TABLE shop.egg (id int PRIMARY KEY, hen int REFERENCES shop.hen);
        INSERT INTO shop.egg VALUES (1, NULL);
        INSERT INTO shop.hen VALUES (1, 1);
        UPDATE shop.egg SET hen = 1;
        ALTER TABLE shop.hen ADD FOREIGN KEY (egg) REFERENCES shop.egg;
        INSERT INTO shop.products (sku, name, price, labels, size_cm, updated_at)
          SELECT 'TE-' || lpad(i::text, 4, '0'), E'tab\\t line\\n back\\\\ \\\\N ü 👋 ' || i, i, '{"a,b",NULL}',
            '{NaN,Infinity,1e-300}', '2020-01-01'
          FROM generate_series(1, 3000) AS i;
        INSERT INTO shop.inventory (warehouse, product_id, stock)
          SELECT 'madrid', id, 7 FROM shop.products;
        INSERT INTO booking.users (name, email, preferences) VALUES ('', 'a@b', '{"a": [1e2]}');
        INSERT INTO field.municipalities (code, name, population) VALUES ('ABC01', 'x', 1);
        INSERT INTO field.reports (municipality_id, code, period, document)
          SELECT id, 'A', '[2026-01-01,)', sha256('x') FROM field.municipalities;
        INSERT INTO tidemark.outbox (key, channel, recipient, subject, body)
          VALUES ('k', 'EMAIL', 'a', '', '');
        """);
  }

  @AfterEach
  void stop() throws Exception {
    rig.close();
    for (Storage.Stored left : storage.list("backups/", 1_000)) {
      storage.delete(left.key());
    }
  }

  private static ObjectNode input(String json) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(json);
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

  private static Catalog catalog() {
    return new Catalog(
        List.of(
            type("user", new TableName("booking", "users")),
            type("appointment", new TableName("appointments", "appointments")),
            type("report", new TableName("field", "reports")),
            type("product", new TableName("shop", "products"))));
  }

  private Backup backup(Instant now, Path... pgDump) {
    return new Backup(
        rig.database(), storage, catalog(), List.of(pgDump), InstantSource.fixed(now));
  }

  /** The tables as the source has them, for those that the migrations do not make. */
  private static void extraTables(Rig target) throws SQLException {
    target.sql(
        """
        CREATE TABLE shop."odd "" table" ("a b" int PRIMARY KEY,
          next int REFERENCES shop."odd "" table", twice int GENERATED ALWAYS AS ("a b" * 2) STORED);
        CREATE TABLE shop.hen (id int PRIMARY KEY, egg int);
        CREATE TABLE shop.egg (id int PRIMARY KEY, hen int REFERENCES shop.hen);
        ALTER TABLE shop.hen ADD FOREIGN KEY (egg) REFERENCES shop.egg;
        """);
  }

  /** Every row of every table as text, and where every sequence stands. */
  private static Map<String, List<String>> everything(Rig of) throws SQLException {
    Map<String, List<String>> all = new TreeMap<>();
    for (String table :
        of.rows(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('"
                + String.join("', '", SCHEMAS)
                + "')")) {
      all.put(table, of.rows("SELECT t::text FROM " + table + " AS t ORDER BY 1"));
    }
    for (String sequence :
        of.rows(
            "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences"
                + " WHERE schemaname IN ('"
                + String.join("', '", SCHEMAS)
                + "')")) {
      all.put(sequence, of.rows("SELECT last_value, is_called FROM " + sequence));
    }
    return all;
  }

  @Test
  void aBackupIsRestoredRowByRowIntoAnotherDatabase() throws Exception {
    Backup.Made made = backup(NOW).run(input("{}"), context);
    assertThat(made.key()).isEqualTo("backups/20260131T080000Z-0001test.zip");
    assertThat(made.bytes()).isPositive();
    try (Rig target = Rig.fresh()) {
      extraTables(target);
      Restore.Restored restored = new Restore(storage, target.url()).restore(made.key());
      assertThat(restored.rows()).isEqualTo(6_000 + 2 + 2 + 1 + 1 + 1 + 1);
      assertThat(everything(target)).isEqualTo(everything(rig));
      target.sql("INSERT INTO shop.products (sku, name, price) VALUES ('ZZ-0001', 'n', 1)");
      assertThat(target.one("SELECT count(*) FROM shop.order_lines")).isEqualTo("0");
      assertThatThrownBy(() -> new Restore(storage, target.url()).restore(made.key()))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("are not empty")
          .hasMessageContaining("shop.products");
    }
  }

  /** Rows that come while it is made: of both tables or of neither. */
  @Test
  void aBackupIsOfOneMoment() throws Exception {
    rig.sql(
        """
        CREATE TABLE booking.aaa_first (id int PRIMARY KEY);
        CREATE TABLE shop.zzz_last (id int PRIMARY KEY)
        """);
    Manifest manifest;
    try (var connection = rig.database().open("test");
        var out =
            new OutputStream() {
              private boolean written;

              @Override
              public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
              }

              @Override
              public void write(byte[] bytes, int from, int length) throws IOException {
                if (!written) {
                  written = true;
                  try {
                    rig.sql(
                        "INSERT INTO booking.aaa_first VALUES (1);"
                            + " INSERT INTO shop.zzz_last VALUES (1)");
                  } catch (SQLException e) {
                    throw new IOException(e);
                  }
                }
              }
            }) {
      manifest = Archive.write(connection, Set.of("booking", "shop"), out, () -> {});
    }
    assertThat(rig.one("SELECT count(*) FROM shop.zzz_last")).isEqualTo("1");
    assertThat(manifest.tables())
        .filteredOn(table -> table.name().name().endsWith("_last"))
        .extracting(Manifest.Table::rows)
        .containsExactly(0L);
  }

  @Test
  void anArchiveThatWasTamperedWithOrCutIsNotRestored() throws Exception {
    Backup.Made made = backup(NOW).run(input("{}"), context);
    byte[] whole;
    try (InputStream in = storage.get(made.key()).orElseThrow()) {
      whole = in.readAllBytes();
    }
    storage.put("backups/cut.zip", "x", new ByteArrayInputStream(whole, 0, whole.length / 2));
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    try (var in = new ZipInputStream(new ByteArrayInputStream(whole));
        var zip = new ZipOutputStream(other)) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        String text = new String(content, UTF_8);
        zip.putNextEntry(new ZipEntry(entry.getName()));
        zip.write(
            entry.getName().startsWith("tables/")
                ? text.replace("TE-0007", "TE-9999").getBytes(UTF_8)
                : content);
        if (entry.getName().equals(Manifest.ENTRY)) {
          Manifest manifest = Manifest.read(content);
          assertThat(Manifest.read(manifest.bytes())).isEqualTo(manifest);
        }
      }
    }
    storage.put("backups/changed.zip", "x", new ByteArrayInputStream(other.toByteArray()));
    try (Rig target = Rig.fresh()) {
      extraTables(target);
      Map<String, List<String>> before = everything(target);
      Restore restore = new Restore(storage, target.url());
      assertThatThrownBy(() -> restore.restore("backups/cut.zip")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> restore.restore("backups/changed.zip"))
          .isInstanceOf(IOException.class)
          .hasMessage("shop.products did not arrive as it was");
      assertThatThrownBy(() -> restore.restore("backups/none.zip"))
          .hasMessage("there is no backup backups/none.zip");
      assertThat(everything(target)).as("all or nothing").isEqualTo(before);
    }
  }

  @Test
  void whereTriggersCannotBeSwitchedOffRowsComeInTheirOrder() {
    TableName lines = new TableName("s", "lines");
    TableName orders = new TableName("s", "orders");
    TableName products = new TableName("s", "products");
    TableName hen = new TableName("s", "hen");
    TableName egg = new TableName("s", "egg");
    assertThat(
            Dependencies.order(
                List.of(egg, hen, lines, orders, products),
                Map.of(
                    lines, Set.of(orders, products, lines),
                    orders, Set.of(products),
                    hen, Set.of(egg),
                    egg, Set.of(hen))))
        .containsExactly(products, orders, lines, egg, hen);
  }

  @Test
  void aBackupThatHasToEndLeavesNothing() throws Exception {
    rig.sql(
        "INSERT INTO booking.templates (slug, channel, language, body)"
            + " SELECT 's' || i, 'EMAIL', 'en', repeat(md5(i::text), 1000)"
            + " FROM generate_series(1, 1000) AS i");
    assertThatThrownBy(() -> backup(NOW).run(input("{}"), context.endAfter(2)))
        .isInstanceOf(Ended.class);
    assertThat(storage.list("backups/", 10)).isEmpty();
    assertThat(bucket.openUploads()).isZero();
  }

  @Test
  void oldOnesGoAndOnlyAfterANewOneIsThere() throws Exception {
    for (String name :
        new String[] {
          "20251231T080000Z-a.zip", "20260101T080001Z-b.zip", "20250101T000000Z-c.dump"
        }) {
      storage.put("backups/" + name, "x", new ByteArrayInputStream(new byte[1]));
    }
    storage.put("backups/mine.zip", "x", new ByteArrayInputStream(new byte[1]));
    assertThat(backup(NOW).run(input("{}"), context).removed()).isEqualTo(2);
    assertThat(storage.list("backups/", 10))
        .extracting(Storage.Stored::key)
        .containsExactly(
            "backups/20260101T080001Z-b.zip",
            "backups/20260131T080000Z-0001test.zip",
            "backups/mine.zip");
  }

  private Path program(String script) throws IOException {
    Path program = directory.resolve("pg_dump");
    Files.writeString(program, "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void whereThereIsAProgramItsOutputIsKeptIfItEndsWell() throws Exception {
    Backup.Made made =
        backup(NOW, program("echo \"$@\"; test -n \"$PGPASSWORD\"")).run(input("{}"), context);
    assertThat(made.key()).isEqualTo("backups/20260131T080000Z-0001test.dump");
    try (InputStream in = storage.get(made.key()).orElseThrow()) {
      assertThat(new String(in.readAllBytes(), UTF_8))
          .startsWith("--format=custom --no-password --host=127.0.0.1 --port=")
          .contains("--dbname=" + rig.url().database())
          .doesNotContain(rig.url().password());
    }
    assertThatThrownBy(
            () ->
                backup(NOW.plusSeconds(1), program("head -c 10000000 /dev/zero; exit 3"))
                    .run(input("{}"), context))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pg_dump ended with 3");
    assertThat(storage.list("backups/", 10))
        .extracting(Storage.Stored::key)
        .containsOnly(made.key());
  }
}
